"""People at work in a real browser, on the application as gunicorn serves it."""
