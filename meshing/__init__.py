"""From a mask to a volume mesh with its anatomical frame."""
