#!/bin/sh
# Stands for a service that works without being asked.
echo "working: $(date -u +%H:%M)"
