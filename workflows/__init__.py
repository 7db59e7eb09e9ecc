"""The rules of the house: lifecycle, calendar, deadlines, custody, timeline and statistics.

Pure: nothing here knows of HTTP, the database, queues or files other than the data files beside it. Plain
values go in and plain values come out, so that every rule can be read and tested alone.
"""
