import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { House } from '../testing/house.ts'

let house: House
let answer: Response
let text: string
beforeAll(async () => {
  house = await House.open()
  answer = await fetch(`${house.server.origin}/v2/openapi.json`)
  text = await answer.text()
})
afterAll(() => house.close())

// The parts of OpenAPI 3.1 that we use; anything else in the document is a mistake.
const jsonSchema = z.record(z.string(), z.unknown()).refine((schema) => isSchema(schema), 'is no JSON Schema')
const content = z.strictObject({ 'application/json': z.strictObject({ schema: jsonSchema }) })
const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  tags: z.array(z.string()).min(1),
  summary: z.string().min(5),
  description: z.string().min(10),
  parameters: z
    .array(
      z.strictObject({
        name: z.string(),
        in: z.enum(['query', 'path']),
        required: z.boolean(),
        description: z.string().optional(),
        schema: jsonSchema,
      }),
    )
    .optional(),
  requestBody: z
    .strictObject({ required: z.boolean().optional(), description: z.string().optional(), content })
    .optional(),
  responses: z.record(z.string().regex(/^[2-5]\d\d$/), z.strictObject({ description: z.string(), content })),
})
const documentSchema = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string(), version: z.string(), description: z.string() }),
  components: z.strictObject({
    schemas: z.strictObject({}),
    securitySchemes: z.strictObject({
      token: z.strictObject({
        type: z.literal('http'),
        scheme: z.literal('bearer'),
        bearerFormat: z.literal('JWT'),
        description: z.string(),
      }),
    }),
  }),
  paths: z.record(
    z.string().regex(/^\/v2\/[\w/{}]+$/),
    z.partialRecord(z.enum(['get', 'post', 'patch', 'delete']), operation),
  ),
  security: z.tuple([z.strictObject({ token: z.tuple([]) })]),
})

function isSchema(schema: Record<string, unknown>): boolean {
  try {
    z.fromJSONSchema(schema as Parameters<typeof z.fromJSONSchema>[0])
    return true
  } catch {
    return false
  }
}

test('REST-7 serves an OpenAPI 3.1 document of all operations, made from the schemas that check them', () => {
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
  const { paths } = documentSchema.parse(JSON.parse(text))
  expect(Object.entries(paths).flatMap(([path, ways]) => Object.keys(ways).map((way) => `${way} ${path}`))).toEqual(
    expect.arrayContaining([
      'get /v2/alongside/settings',
      'patch /v2/alongside/settings',
      'post /v2/alongside/sessions/{sessionId}/end',
    ]),
  )
  const operations = Object.entries(paths).flatMap(([path, ways]) =>
    Object.values(ways).map((operation) => ({ path, ...operation })),
  )
  const ids = operations.map(({ operationId }) => operationId)
  expect(new Set(ids).size).toBe(ids.length)
  for (const { path, parameters = [], responses } of operations) {
    const inPath = parameters.filter((parameter) => parameter.in === 'path')
    expect(inPath.map(({ name }) => `{${name}}`).sort()).toEqual((path.match(/{\w+}/g) ?? []).sort())
    expect(inPath.every(({ required }) => required)).toBe(true)
    expect(Object.keys(responses)).toEqual(expect.arrayContaining(['400', '401', '429', '500']))
  }
})

test('REST-8 names no schema, secret or key of this server in the document', () => {
  expect(text).not.toContain('shop')
  expect(text).not.toContain('$ref')
})
