"""A change set to text: the digest is built in Python, the Jinja files only draw it."""
