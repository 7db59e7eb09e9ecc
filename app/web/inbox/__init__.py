"""Placeholder until its pages are registered."""

from flask import Blueprint

blueprint = Blueprint("inbox", __name__)
