"""Our colours: dark, light, and of high contrast. Nothing is told by them alone."""

from __future__ import annotations

from typing import Final

from textual.theme import Theme

DARK: Final = Theme(
    name="broadsheet",
    primary="#7aa2c8",
    secondary="#9db4a0",
    accent="#d9a05b",
    warning="#e6b450",
    error="#e06c75",
    success="#98b67c",
    foreground="#e2ddd3",
    background="#16171a",
    surface="#1c1e22",
    panel="#24272c",
    dark=True,
    variables={
        "scrollbar": "#3a3e46",
        "scrollbar-hover": "#4a4f59",
        "scrollbar-active": "#d9a05b",
        "scrollbar-background": "#16171a",
        "scrollbar-corner-color": "#16171a",
        "block-cursor-background": "#33405a",
        "block-cursor-foreground": "#f4f0e8",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#282d37",
        "block-cursor-blurred-foreground": "#e2ddd3",
    },
)
LIGHT: Final = Theme(
    name="broadsheet-light",
    primary="#2f5d8a",
    secondary="#4f6b53",
    accent="#8a4b08",
    warning="#7a5200",
    error="#a3222c",
    success="#3e6b22",
    foreground="#26231d",
    background="#faf7f0",
    surface="#f2eee4",
    panel="#e8e3d6",
    dark=False,
    variables={
        "scrollbar": "#c9c2b2",
        "scrollbar-hover": "#b5ad9b",
        "scrollbar-active": "#8a4b08",
        "scrollbar-background": "#faf7f0",
        "scrollbar-corner-color": "#faf7f0",
        "block-cursor-background": "#cfdcec",
        "block-cursor-foreground": "#15130f",
        "block-cursor-text-style": "none",
        "block-cursor-blurred-background": "#e4e2da",
        "block-cursor-blurred-foreground": "#26231d",
    },
)
CONTRAST: Final = Theme(
    name="broadsheet-contrast",
    primary="#ffffff",
    secondary="#00ffff",
    accent="#ffff00",
    warning="#ffff00",
    error="#ff6060",
    success="#00ff00",
    foreground="#ffffff",
    background="#000000",
    surface="#000000",
    panel="#000000",
    dark=True,
    variables={
        "scrollbar": "#ffffff",
        "scrollbar-hover": "#ffff00",
        "scrollbar-active": "#ffff00",
        "scrollbar-background": "#000000",
        "scrollbar-corner-color": "#000000",
        "block-cursor-background": "#ffffff",
        "block-cursor-foreground": "#000000",
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": "#404040",
        "block-cursor-blurred-foreground": "#ffffff",
    },
)
THEMES: Final = (DARK, LIGHT, CONTRAST)
