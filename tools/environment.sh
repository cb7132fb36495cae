# Sourced by scripts that need Python packages.

# environment FOLDER REQUIREMENTS PYTHON…: makes the virtual environment FOLDER with the first PYTHON that there is, unless it
# already has REQUIREMENTS, and prints its Python. Fails with 69 if there is none.
environment() {
  local folder=$1 wanted=$2 python
  shift 2
  if [ "$(cat "$folder/wanted" 2>/dev/null)" != "$wanted" ]; then
    # pyenv's commands answer for the chosen version only, its folders for each that is installed.
    for python in "$@" $(for python; do echo "${PYENV_ROOT:-${HOME:-}/.pyenv}/versions/${python#python}".*/bin/python; done); do
      "$python" -c "" 2>/dev/null && break
    done
    "$python" -c "" 2>/dev/null || { echo "${0##*/}: needs one of: $*" >&2 && return 69; }
    rm -rf "$folder"
    # Where the caller tests the outcome, nothing stops at a failure by itself.
    "$python" -m venv "$folder" || return
    # shellcheck disable=SC2086
    "$folder/bin/pip" install --quiet --disable-pip-version-check $wanted >&2 || return
    echo "$wanted" >"$folder/wanted"
  fi
  echo "$folder/bin/python"
}
