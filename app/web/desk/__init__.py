"""Placeholder until its pages are registered."""

from flask import Blueprint

blueprint = Blueprint("desk", __name__)
