#!/bin/sh
# Writes the page of the web service.
echo "<!doctype html><title>$1</title><h1>$1</h1>"
