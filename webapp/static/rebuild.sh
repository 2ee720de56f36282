#!/bin/sh
# Rebuilds vendor/govuk-frontend from the npm package. Needs node and npm; run it when GOVUK_FRONTEND changes.
set -eu

GOVUK_FRONTEND=6.3.0
SASS=1.108.2

here=$(cd "$(dirname "$0")" && pwd)
target="$here/vendor/govuk-frontend"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cd "$work"
npm init --yes >/dev/null
npm install --no-fund --no-audit "govuk-frontend@$GOVUK_FRONTEND" "sass@$SASS"
npx sass --load-path=node_modules --style=compressed --no-source-map --no-charset \
  "$here/theme.scss" "$target/govuk-frontend.css"
# The source map is not shipped, so its address goes too.
sed 's|//# sourceMappingURL=.*||' node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.js >"$target/govuk-frontend.min.js"
