"""A statistical shape model of the femur: samples, registration, completion."""
