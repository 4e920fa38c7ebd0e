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
    f"<object data='javascript:{MARK}()'></object>",
    f"<embed src='data:text/html,<script>{MARK}()</script>'>",
    f"<base href='//{MARK}/'><a href='x'>a</a>",
    f"<link rel='stylesheet' href='//{MARK}'>",
    f"</pre></div></style></title><script>{MARK}()</script>",
    f"<video src=x onerror={MARK}()><source onerror={MARK}()></video>",
    f"<svg><animate onbegin={MARK}() attributeName=x dur=1s></svg>",
    f"{{{{ cycler.__init__.__globals__ }}}}<button autofocus onfocus={MARK}()>a</button>",
    f"<p style=\"background:url('//{MARK}')\">a</p>",
]
