"""Placeholder until its pages are registered."""

from flask import Blueprint

blueprint = Blueprint("auth", __name__)
