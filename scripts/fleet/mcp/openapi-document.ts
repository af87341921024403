import type { Tool } from './toolbox.ts';

/** The OpenAPI description of a server's tools, one POST route each. */
export function openApiDocument(title: string, tools: readonly Tool[]) {
  return {
    openapi: '3.1.0',
    info: { title, version: '1.0.0' },
    paths: Object.fromEntries(tools.map((tool) => [`/${tool.name}`, { post: operation(tool) }])),
  };
}

function operation({ name, description, inputSchema }: Tool) {
  const validation = { type: 'object', properties: { detail: { type: 'array' } } };
  return {
    summary: name,
    description,
    operationId: `tool_${name}_post`,
    requestBody: { required: true, content: { 'application/json': { schema: inputSchema } } },
    responses: {
      200: { description: 'Successful Response', content: { 'application/json': { schema: {} } } },
      422: { description: 'Validation Error', content: { 'application/json': { schema: validation } } },
    },
  };
}
