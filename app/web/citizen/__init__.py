"""Placeholder until its pages are registered."""

from flask import Blueprint

blueprint = Blueprint("citizen", __name__)
