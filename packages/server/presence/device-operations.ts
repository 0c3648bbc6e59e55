import type { FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Clock } from '../clock.ts'
import type { History } from '../history/history.ts'
import { type Api, callerOf } from '../rest/api.ts'
import { ApiError, COMMON_ERRORS } from '../rest/api-error.ts'
import { PAGE_FIELDS, PAGE_PARAMETERS, Pager } from '../rest/paging.ts'
import { formatTime } from '../rest/time.ts'
import type { AgentLinks } from '../session/agent-links.ts'
import { userIdSchema, userNameSchema } from '../shown-name.ts'
import type { Presence } from './presence.ts'

interface DeviceOperations {
  presence: Presence
  links: AgentLinks
  history: History
  clock: Clock
  originOf(request: FastifyRequest): string
}

const deviceSchema = z.object({
  device_id: z.string(),
  custom_data: z.record(z.string(), z.string()).describe('What the page says of its customer. Nobody vouches for it.'),
  online_since: z.string().describe('ISO 8601, UTC.'),
  tabs: z.int(),
  in_session: z.boolean().describe('Whether an agent sees the page now.'),
})

/** What a back end may know and do about the customers who are present without a token. */
export function addDeviceOperations(api: Api, { presence, links, history, clock, originOf }: DeviceOperations): void {
  const tags = ['Alongside']
  const pager = new Pager('devices', z.string(), clock)
  const errors = { ...COMMON_ERRORS, 403: COMMON_ERRORS[400] }

  api.get(
    '/alongside/devices',
    {
      schema: {
        operationId: 'listDevices',
        tags,
        summary: 'List present devices',
        description: 'The browsers that are on a site of the key now and are registered, the latest first.',
        querystring: z.object({
          ...PAGE_PARAMETERS,
          search: z.string().max(200).default('').describe('Words that each are part of the id or of a value.'),
        }),
        response: {
          200: z
            .object({ ...PAGE_FIELDS, total: z.int(), devices: z.array(deviceSchema) })
            .describe('A page of devices.'),
          ...errors,
        },
      },
    },
    async (request) => {
      const { sdkKey, features } = callerOf(request)
      if (!features.presence) throw presenceOff()
      const page = pager.open(callerOf(request), request.query)
      const { page_size: pageSize, search } = request.query
      const found = presence.list(sdkKey, {
        search,
        pageSize,
        ...(page.place === undefined ? {} : { after: page.place }),
      })
      return {
        ...page.close(found.next),
        total: found.total,
        devices: found.devices.map(({ id, customData, since, tabs, inSession }) => ({
          device_id: id,
          custom_data: customData,
          online_since: formatTime(since),
          tabs,
          in_session: inSession,
        })),
      }
    },
  )

  api.post(
    '/alongside/devices/:deviceId/sessions',
    {
      schema: {
        operationId: 'startDeviceSession',
        tags,
        summary: 'Start a session on a device',
        description:
          'The address of a desk that calls the customer of a present device for the named agent. It works once and for 10 minutes. The session begins when the desk is opened, and the customer is asked first.',
        params: z.object({ deviceId: z.string() }),
        body: z.object({ user_id: userIdSchema, user_name: userNameSchema }),
        response: {
          200: z.object({ url: z.string(), expires_at: z.string() }).describe('The link.'),
          ...errors,
          404: COMMON_ERRORS[400],
        },
      },
    },
    async (request) => {
      const { sdkKey, features } = callerOf(request)
      const { deviceId } = request.params
      const { user_id: userId, user_name: userName } = request.body
      if (!features.presence) throw presenceOff()
      if (!presence.has(sdkKey, deviceId)) throw new ApiError(404, 30300, 'Device is not present')
      const { link, expiresAt } = links.issue({ sdkKey, deviceId, userId, userName })
      const person = { userId, userName, role: 'agent' } as const
      history.tell({ type: 'audit', sdkKey, action: 'agent.link_made', person, details: { deviceId } })
      const fragment = new URLSearchParams({ key: sdkKey, link })
      return { url: `${originOf(request)}/desk/link#${fragment}`, expires_at: formatTime(expiresAt) }
    },
  )
}

function presenceOff(): ApiError {
  return new ApiError(403, 403, 'The list of present customers is switched off for this key. Switch on its presence.')
}
