#!/bin/sh
# Prints what docker/compose.yaml needs from docker/.env, with fresh random secrets:
#   sh docker/make-env.sh [development|production] > docker/.env
set -eu
settings=${1:-production}
if [ ! -f "$(dirname "$0")/settings/$settings.env" ]; then
  echo "There is no settings/$settings.env." >&2
  exit 2
fi
random() { head -c "$1" /dev/urandom | base64 | tr -d '\n'; }
# Secrets that stand in addresses and connection strings have letters and digits only.
word() { random 48 | tr -dc 'A-Za-z0-9' | head -c 32; }
umask 077
cat <<END
# Keep this file to yourself, and keep it: the database has its password, and open sessions rest on the signing key.
CHATAI_SETTINGS=$settings
POSTGRES_PASSWORD=$(word)
CHATAI_SIGNING_KEY=$(random 48)
CHATAI_ADMIN_TOKEN=$(word)
GRAFANA_PASSWORD=$(word)
END
