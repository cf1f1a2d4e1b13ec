const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Writes a text so that it stands for itself in HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** Writes a line of Markdown as HTML: code, bold and links to the web; nothing else of it is known. */
export function renderLine(text: string): string {
  return escapeHtml(text)
    .replace(/`([^`]+)`/g, '<code>$1</code>')
    .replace(/\*\*([^*]+)\*\*/g, '<strong>$1</strong>')
    .replace(/\[([^\]]+)\]\((https:\/\/[^)\s]+)\)/g, '<a href="$2">$1</a>');
}

/** Writes paragraphs of Markdown as HTML, see {@link renderLine}. */
export function renderText(text: string): string {
  return text
    .split(/\n\n+/)
    .map((paragraph) => `<p>${renderLine(paragraph.replaceAll('\n', ' '))}</p>`)
    .join('');
}
