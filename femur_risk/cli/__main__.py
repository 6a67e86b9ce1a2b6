"""`python -m femur_risk.cli`: the same as the command femur-fea."""

from femur_risk.cli.entry import main

if __name__ == "__main__":
    main()
