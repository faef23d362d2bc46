"""What every test here is written with: README.md beside this file says how."""
