// Before anything is painted: the theme a person chose here, or the system's.
document.documentElement.dataset.theme = localStorage.getItem("theme") ?? "";
