import type { JsonSchema } from '@convox-builds/api-contract';

import { escapeHtml, renderLine } from './escape-html.js';

const isSchema = (value: unknown): value is JsonSchema => typeof value === 'object' && value !== null;
const textOf = (value: unknown) => (typeof value === 'string' ? value : '');

const REFERENCE = /^#\/components\/schemas\/(\w+)$/;

/** Names what a value is: `string`, `list of App`, `one of a, b`. */
export function renderType(schema: JsonSchema): string {
  const [, object] = REFERENCE.exec(textOf(schema.$ref)) ?? [];
  if (object !== undefined) return `<a href="#${object}">${object}</a>`;
  if (Array.isArray(schema.enum))
    return schema.enum.map((value) => `<code>${escapeHtml(String(value))}</code>`).join(' ');
  if (schema.const !== undefined) return `<code>${escapeHtml(JSON.stringify(schema.const))}</code>`;
  if (schema.type === 'array' && isSchema(schema.items)) return `list of ${renderType(schema.items)}`;
  if (isSchema(schema.additionalProperties)) return `map of ${renderType(schema.additionalProperties)}`;
  const format = textOf(schema.format);
  return escapeHtml(format === '' ? textOf(schema.type) || 'any' : format);
}

/** What is worth a remark: a field that has to be there, or one that may be missing. */
type Remark = 'required' | 'optional';

function renderRow(name: string, schema: JsonSchema, remark: string): string {
  const initial = schema.default;
  const notes = [
    remark === '' ? '' : `<em>${remark}</em>`,
    initial === undefined || initial === '' ? '' : `default <code>${escapeHtml(JSON.stringify(initial))}</code>`,
  ].filter((note) => note !== '');
  const description = [renderLine(textOf(schema.description)), ...notes].filter((part) => part !== '').join(' · ');
  return `<tr><th scope="row"><code>${escapeHtml(name)}</code></th><td>${renderType(schema)}</td><td>${description}</td></tr>`;
}

/** The schemas of the fields of an object, those of lists and maps of objects included. */
function innerSchemas(schema: JsonSchema): JsonSchema[] {
  return [schema, schema.items, schema.additionalProperties].filter(isSchema);
}

/** Lists the fields of an object as rows; objects inside of it follow with the path of their field. */
export function renderFields(schema: JsonSchema, remark: Remark, prefix = ''): string {
  const properties = isSchema(schema.properties)
    ? Object.entries(schema.properties).filter(([, field]) => isSchema(field))
    : [];
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  return properties
    .map(([name, field]) => {
      const path = `${prefix}${name}`;
      const row = renderRow(
        path,
        field as JsonSchema,
        required.includes(name) === (remark === 'required') ? remark : '',
      );
      return (
        row +
        innerSchemas(field as JsonSchema)
          .map((inner) => renderFields(inner, remark, `${path}.`))
          .join('')
      );
    })
    .join('');
}

/** Puts rows under headings. */
export function renderTable(headings: readonly string[], rows: string): string {
  if (rows === '') return '';
  const head = headings.map((heading) => `<th scope="col">${heading}</th>`).join('');
  return `<div class="table"><table><thead><tr>${head}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
