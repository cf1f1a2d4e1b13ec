import type { OpenApi } from '@convox-builds/api-contract';

import { escapeHtml, renderLine, renderText } from './escape-html.js';
import { PAGE_STYLE } from './page-style.js';
import { type Operation, renderOperation } from './render-operation.js';
import { renderFields, renderTable } from './render-schema.js';

function operationsOf({ paths }: OpenApi, tag: string): Operation[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([, operation]) => 'tags' in operation && Array.isArray(operation.tags) && operation.tags.includes(tag))
      .map(([method, operation]) => ({ ...(operation as Operation), method: method.toUpperCase(), path })),
  );
}

function renderGroups(document: OpenApi): string {
  return document.tags
    .map(({ name, description }) => {
      const operations = operationsOf(document, name).map(renderOperation).join('');
      return `<section id="${name.toLowerCase()}"><h2>${name}</h2><p class="faint">${renderLine(description)}</p>${operations}</section>`;
    })
    .join('');
}

function renderObjects({ components }: OpenApi): string {
  const objects = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<h3 id="${name}">${name}</h3>${renderTable(['Field', 'Type', 'Meaning'], renderFields(schema, 'optional'))}`,
  );
  return `<section id="objects-of-answers"><h2>Objects of answers</h2>${objects.join('')}</section>`;
}

function renderErrors({ components }: OpenApi): string {
  const errors = Object.entries(components.responses).map(
    ([name, response]) =>
      `<h3 id="${name}">${name}</h3><p>${'description' in response ? renderLine(String(response.description)) : ''}</p>`,
  );
  return `<section id="errors"><h2>Errors of every route</h2>${errors.join('')}</section>`;
}

/** Renders an OpenAPI document as one page of HTML that needs nothing else: no script, no font, no other host. */
export function renderDocsPage(document: OpenApi): string {
  const { title, version, description } = document.info;
  const places = [
    ...document.tags.map(({ name }) => [name.toLowerCase(), name] as const),
    ['objects-of-answers', 'Objects of answers'] as const,
    ['errors', 'Errors'] as const,
  ];
  const links = places.map(([id, name]) => `<li><a href="#${id}">${escapeHtml(name)}</a></li>`).join('');
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)}</title>
<style>${PAGE_STYLE}</style>
</head>
<body>
<main>
<header><h1>${escapeHtml(title)}</h1><p class="faint">Version ${escapeHtml(version)} · <a href="openapi.json">openapi.json</a></p>
${renderText(description)}<nav aria-label="Parts"><ul>${links}</ul></nav></header>
${renderGroups(document)}${renderObjects(document)}${renderErrors(document)}
</main>
</body>
</html>
`;
}
