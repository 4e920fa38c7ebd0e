"""Texts that a browser must show as they are and never run; each calls, loads or names MARK."""

MARK = "harm"
HARMFUL = [
    f"<script>{MARK}()</script>",
    f"<img src=x onerror={MARK}()>",
    f"<svg onload={MARK}()><circle r=1></svg>",
    f'<iframe srcdoc="<script>{MARK}()</script>"></iframe>',
    f'<a href="javascript:{MARK}()">a</a>',
    f'<a href="data:text/html,<script>{MARK}()</script>">a</a>',
    f"<details open ontoggle={MARK}()>a</details>",
    f"<style>@import '//{MARK}'</style>",
    f'<form action="//{MARK}"><input autofocus onfocus={MARK}()></form>',
    f"<math><mtext><table><mglyph><style><img src=x onerror={MARK}()>",
    f'<meta http-equiv="refresh" content="0;url=//{MARK}">',
    f"<p style=\"background:url('//{MARK}')\">a</p>",
]
