#!/usr/bin/env bash
# Gradescope runs this once, when the autograder is built. Choose a base image with Python 3.11 or newer.
set -e
apt-get update
apt-get install -y python3 python3-venv
python3 -c 'import sys; sys.exit("Python 3.11 or newer is needed: choose Ubuntu 24.04" if sys.version_info < (3, 11) else 0)'
python3 -m venv /autograder/venv
mkdir -p /autograder/source/course/release /autograder/source/course/lab_config
pip() { /autograder/venv/bin/pip install --quiet -c /autograder/source/requirements.txt "$@"; }
pip -e /autograder/source/grader imageio pillow
pip --no-deps -e /autograder/source
