import type { ErrorCode, FrameKind, PeerMessage } from '@alongside/protocol'

/** Who may say and send what: one row for each message and each kind of frame, proved cell by cell against the server in
 *  authority.test.ts. A cell is a seat, or a seat with the setting of the key (` / all off`), or one with the receiver of a
 *  frame (` → server`); the most exact one counts. What a row does not name is as `OTHERWISE` says.
 *
 *  An outcome is the code with which the peer is refused and its socket closed, or what everybody gets: the peer itself,
 *  then `customer: …`, `agent: …` and `device: …`; an `error` among it leaves the socket open. */
export type Row = Record<string, Outcome>
export type Outcome = ErrorCode | string

export const OTHERWISE: Record<'message' | 'frame', Row> = {
  message: { 'customer, after the end': 'nothing', 'agent, after the end': 'nothing', others: 1105 },
  frame: { nobody: 1105, 'nobody, after the end': 1105, device: 1105, others: 'nothing' },
}

export const MESSAGES: Record<PeerMessage['type'], Row> = {
  start: {
    nobody: 'started pin',
    'nobody, after the end': 'started pin',
  },
  start_device: {
    nobody: 'started pin',
    'nobody / all off': 1116,
    'nobody, after the end': 'started pin',
    'nobody, after the end / all off': 1116,
  },
  resume: {
    nobody: 'resumed; agent: error 1015 closed',
    'nobody / recorded': 'resumed recording; agent: error 1015 closed',
    'nobody, after the end': 1107,
  },
  consent: {
    'customer, waiting': 'nothing',
    'customer, asked': 'agent_joined; agent: joined',
    'customer, asked / recorded': 'agent_joined; agent: joined recording',
    'customer, live': 'nothing',
    'customer, paused': 'nothing',
  },
  new_pin: {
    'customer, waiting': 'pin',
    'customer, asked': 'pin',
    'customer, live': 'pin',
    'customer, paused': 'pin',
  },
  pause: {
    'customer, waiting': 'nothing',
    'customer, asked': 'nothing',
    'customer, live': 'agent: paused',
    'customer, paused': 'nothing',
  },
  focus: {
    'customer, waiting': 'nothing',
    'customer, asked': 'nothing',
    'customer, live': 'agent: customer_focus',
    'customer, paused': 'agent: customer_focus',
  },
  hand_off: {
    'customer, waiting': 'handed_off',
    'customer, asked': 'handed_off',
    'customer, live': 'handed_off',
    'customer, paused': 'handed_off',
  },
  assist_answer: {
    'customer, waiting': 'nothing',
    'customer, asked': 'nothing',
    'customer, live': 'nothing',
    'customer, paused': 'nothing',
  },
  assist_stop: {
    'customer, waiting': 'nothing',
    'customer, asked': 'nothing',
    'customer, live': 'nothing',
    'customer, paused': 'nothing',
  },
  end: {
    'customer, waiting': 'ended closed',
    'customer, asked': 'ended closed; agent: ended closed',
    'customer, live': 'ended closed; agent: ended closed',
    'customer, paused': 'ended closed; agent: ended closed',
    'agent, asked': 'closed; customer: agent_left pin',
    'agent, live': 'ended closed; customer: ended closed',
    'agent, paused': 'ended closed; customer: ended closed',
    'agent, recovering': 'ended closed',
    'watcher, live': 'closed; customer: agent_left',
    'colleague, live': 'ended closed; customer: ended closed; agent: ended closed',
    'helper, live': 'ended closed; customer: ended closed',
  },
  join: {
    nobody: 'asked; customer: agent_requested',
    'nobody, after the end': 1006,
  },
  join_link: {
    nobody: 'asked; customer: agent_requested',
    'nobody / PIN is consent': 1118,
    'nobody, after the end': 1118,
  },
  call: {
    nobody: 'device: invited',
    'nobody / all off': 1115,
    'nobody, after the end': 'device: invited',
    'nobody, after the end / all off': 1115,
  },
  join_session: {
    nobody: 'asked; customer: agent_requested',
    'nobody / all off': 1115,
    'nobody / PIN is consent': 1119,
    'nobody, after the end': 1112,
    'nobody, after the end / all off': 1115,
  },
  leave: {
    'agent, asked': 'closed; customer: agent_left pin',
    'agent, live': 'closed; customer: agent_left',
    'agent, paused': 'closed; customer: agent_left',
    'agent, recovering': 'closed',
    'watcher, live': 'closed; customer: agent_left',
    'colleague, live': 'closed; customer: agent_left; agent: agent_left',
    'helper, live': 'closed; customer: assist_stopped agent_left',
    'helper, live / all off': 'closed; customer: agent_left',
  },
  make_link: {
    'agent, live': 'link_made',
    'agent, live / PIN is consent': 'error 1119',
    'agent, paused': 'link_made',
    'agent, paused / PIN is consent': 'error 1119',
    'agent, recovering': 'link_made',
    'agent, recovering / PIN is consent': 'error 1119',
    'watcher, live': 'error 1120',
    'colleague, live': 'link_made',
    'colleague, live / PIN is consent': 'error 1119',
    'helper, live': 'link_made',
    'helper, live / PIN is consent': 'error 1119',
  },
  assist_request: {
    'agent, asked': 'assist_rejected',
    'agent, live': 'customer: assist_requested',
    'agent, live / all off': 'assist_rejected',
    'agent, paused': 'customer: assist_requested',
    'agent, paused / all off': 'assist_rejected',
    'agent, recovering': 'nothing',
    'agent, recovering / all off': 'assist_rejected',
    'watcher, live': 'assist_rejected',
    'colleague, live': 'customer: assist_requested',
    'colleague, live / all off': 'assist_rejected',
    'helper, live': 'assist_started; customer: assist_started',
    'helper, live / all off': 'assist_rejected',
  },
  assist_release: {
    'agent, asked': 'nothing',
    'agent, live': 'nothing',
    'agent, paused': 'nothing',
    'agent, recovering': 'nothing',
    'watcher, live': 'nothing',
    'colleague, live': 'nothing',
    'helper, live': 'assist_stopped; customer: assist_stopped',
    'helper, live / all off': 'nothing',
  },
  assist_pass: {
    'agent, asked': 'assist_rejected',
    'agent, live': 'assist_rejected',
    'agent, paused': 'assist_rejected',
    'agent, recovering': 'assist_rejected',
    'watcher, live': 'assist_rejected',
    'colleague, live': 'assist_rejected',
    'helper, live': 'assist_rejected',
  },
  register: {
    nobody: 'registered',
    'nobody / all off': 1116,
    'nobody, after the end': 'registered',
    'nobody, after the end / all off': 1116,
  },
  update: {
    device: 'nothing',
  },
  busy: {
    device: 'nothing',
  },
}

export const FRAMES: Record<FrameKind, Row> = {
  content: {
    'customer, live → agent': 'agent: content of 1',
    'customer, live / recorded → server': 'ack of 0',
  },
  ack: {
    'agent, live': 'customer: ack of 2',
    'agent, paused': 'customer: ack of 2',
    'watcher, live': 'customer: ack of 2',
    'colleague, live': 'customer: ack of 3',
    'helper, live': 'customer: ack of 2',
  },
  restart: {
    'agent, live': 'customer: restart of 2',
    'agent, paused': 'customer: restart of 2',
    'watcher, live': 'customer: restart of 2',
    'colleague, live': 'customer: restart of 3',
    'helper, live': 'customer: restart of 2',
  },
  annotation: {
    'customer, live → agent': 'agent: annotation of 1',
    'agent, live': 'customer: annotation of 2',
    'agent, live / all off': 'nothing',
    'colleague, live': 'customer: annotation of 3',
    'colleague, live / all off': 'nothing',
    'helper, live': 'customer: annotation of 2',
    'helper, live / all off': 'nothing',
  },
  action: {
    'helper, live': 'customer: action of 2',
    'helper, live / all off': 'nothing',
  },
  result: {
    'customer, live → agent': 'agent: result of 1',
  },
  probe: {
    'agent, live': 'customer: probe of 2',
    'agent, live → server': 'probe of 0',
    'agent, paused': 'customer: probe of 2',
    'agent, paused → server': 'probe of 0',
    'agent, recovering → server': 'probe of 0',
    'watcher, live': 'customer: probe of 2',
    'watcher, live → server': 'probe of 0',
    'colleague, live': 'customer: probe of 3',
    'colleague, live → server': 'probe of 0',
    'helper, live': 'customer: probe of 2',
    'helper, live → server': 'probe of 0',
  },
}
