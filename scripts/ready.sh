#!/usr/bin/env bash
# Asks a gateway whether it takes calls: exit 0 when /health/ready says 200. Needs neither curl nor wget.
#
#   scripts/ready.sh PORT [HOST, 127.0.0.1 if not given]
set -u
port=${1:?usage: scripts/ready.sh PORT [HOST]}
host=${2:-127.0.0.1}
{ exec 3<>"/dev/tcp/$host/$port"; } 2>/dev/null || exit 1
printf 'GET /health/ready HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n\r\n' "$host" "$port" >&3
IFS= read -r -t 5 status <&3 || exit 1
[[ $status == 'HTTP/1.1 200 '* ]]
