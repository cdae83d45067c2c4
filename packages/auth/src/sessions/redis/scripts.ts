/** The scripts of the Redis store. Numbers are passed through as text: Lua would write a time of today as `1.7e+12`. */
import { type Script, script } from './client.js';

/**
 * A script that reads alone, and is refused by a replica all the same: one that has been cut off from its master, or has just
 * become one, would tell what was true before, for as long as that lasts. It is answered also when Redis is full.
 */
function reading(text: string): Script {
  return script(`#!lua flags=allow-oom\n${text}`);
}

/** A script that writes. */
function writing(text: string): Script {
  return script(`#!lua\n${text}`);
}

/** The time by the clock of Redis, in milliseconds: no machine's clock can move it. */
const NOW = `
local time = redis.call('TIME')
local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
local function whole(number) return string.format('%.0f', number) end
`;

/** Lets a key live for at least so many milliseconds more. */
const LIVES = `
local function lives(key, milliseconds)
  if redis.call('PTTL', key) < milliseconds then redis.call('PEXPIRE', key, whole(math.max(1, milliseconds))) end
end
`;

/**
 * The eras of a store are counted on, and never fall behind the time: should Redis have lost its last writes, or all of them,
 * an era that was given to sessions is not given to a revocation again.
 */
const ERAS = `
local function era() return tonumber(redis.call('HGET', KEYS[1], 'era') or '0') end
`;

/** KEYS state. Answers the era. */
export const ERA: Script = writing(`${NOW}${ERAS}
if era() == 0 then redis.call('HSET', KEYS[1], 'era', whole(now)) end
return whole(era())
`);

/**
 * KEYS state, marks, order, ends; ARGV time, nonce, channel, kind, id, at, until.
 * Answers 1 when it was not revoked yet, else 0: then it is revoked for the longer of both times. How long a mark matters
 * is told by two clocks, that of Redis and that of the machine, and the longer one counts.
 */
export const REVOKE: Script = writing(`${NOW}${ERAS}${LIVES}
local nonce, channel, kind, id, at = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local next = '0'
if kind == 'subject' or kind == 'all' then
  next = whole(math.max(era() + 1, now))
  redis.call('HSET', KEYS[1], 'era', next)
end
local fresh = 1
if kind == 'all' then
  redis.call('HSET', KEYS[1], 'allEra', next, 'allAt', at)
else
  local life, ends = math.max(tonumber(ARGV[7]) - tonumber(ARGV[1]), tonumber(ARGV[7]) - now), ARGV[7]
  local mark = kind .. ':' .. id
  local known = redis.call('ZSCORE', KEYS[4], mark)
  if known and tonumber(known) > now then
    fresh = 0
    if tonumber(known) - now > life then
      life = tonumber(known) - now
      ends = string.match(redis.call('HGET', KEYS[2], mark), '^[^:]+')
    end
  end
  local sequence = redis.call('HINCRBY', KEYS[1], 'sequence', 1)
  redis.call('HSET', KEYS[2], mark, ends .. ':' .. at .. ':' .. next .. ':' .. nonce)
  redis.call('ZADD', KEYS[3], sequence, mark)
  redis.call('ZADD', KEYS[4], whole(now + life), mark)
  for _, over in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', whole(now), 'LIMIT', 0, 100)) do
    redis.call('HDEL', KEYS[2], over)
    redis.call('ZREM', KEYS[3], over)
    redis.call('ZREM', KEYS[4], over)
  end
  for index = 2, 4 do lives(KEYS[index], life) end
end
redis.call('PUBLISH', channel, '')
return fresh
`);

/** How many marks `SINCE` answers at once. */
export const PAGE = 1000;

/**
 * KEYS state, marks, order; ARGV (sequence, nonce of the mark that had it)*, the last first. Answers era and time of what was
 * revoked for all, and (mark, value, sequence)* of what came after the last of them that is still there; of everything
 * when none is: they have expired, were revoked again, or a crash has cost Redis its last writes, and the numbers since
 * then are of others.
 */
export const SINCE: Script = reading(`
local answer = redis.call('HMGET', KEYS[1], 'allEra', 'allAt')
local from = '-inf'
for index = 1, #ARGV, 2 do
  local mark = redis.call('ZRANGEBYSCORE', KEYS[3], ARGV[index], ARGV[index])[1]
  local value = mark and redis.call('HGET', KEYS[2], mark)
  if value and string.match(value, '[^:]*$') == ARGV[index + 1] then
    from = '(' .. ARGV[index]
    break
  end
end
local found = redis.call('ZRANGEBYSCORE', KEYS[3], from, '+inf', 'WITHSCORES', 'LIMIT', 0, ${PAGE})
for index = 1, #found, 2 do
  table.insert(answer, found[index])
  table.insert(answer, redis.call('HGET', KEYS[2], found[index]))
  table.insert(answer, found[index + 1])
end
return answer
`);

/** KEYS state, marks; ARGV marks. Answers era and time of what was revoked for all, and the value of each mark. */
export const MARKS: Script = reading(`
local answer = redis.call('HMGET', KEYS[1], 'allEra', 'allAt')
if #ARGV > 0 then
  for _, value in ipairs(redis.call('HMGET', KEYS[2], unpack(ARGV))) do table.insert(answer, value) end
end
return answer
`);

/** KEYS session. */
export const READ: Script = reading(`return redis.call('GET', KEYS[1])`);

/** KEYS session; ARGV record, life in milliseconds. */
export const STORE: Script = writing(`redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])`);

/** KEYS session; ARGV record that must stand there, record to take its place, its life in milliseconds. Answers 1 or 0. */
export const REPLACE: Script = writing(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`);

/** How many sessions of a subject are listed: those that began, or could go on, last. */
const LISTED_AT_MOST = 1000;

/** KEYS sessions of a subject; ARGV ID, how long it lasts at most in milliseconds. */
export const ENLIST: Script = writing(`${NOW}${LIVES}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', whole(now))
redis.call('ZADD', KEYS[1], whole(now + tonumber(ARGV[2])), ARGV[1])
lives(KEYS[1], tonumber(ARGV[2]))
`);

/** KEYS sessions of a subject. Answers the IDs. */
export const LISTED: Script = reading(`${NOW}
return redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', '(' .. whole(now), 'LIMIT', 0, ${LISTED_AT_MOST})
`);

/** KEYS sessions of a subject. Answers how long the last of them lasts at most, in milliseconds; nothing without any. */
export const LASTS: Script = reading(`${NOW}
local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')[2]
return last and whole(tonumber(last) - now)
`);

/** Counters go by the clock of Redis, which is one for all machines, unless a time is given. */
const COUNTER = `${NOW}
now = tonumber(ARGV[1]) or now
local ends = tonumber(redis.call('HGET', KEYS[1], 'endsAt') or '0')
`;

/** KEYS counter; ARGV time or nothing, length of a window in milliseconds. Answers the count, and how long its window lasts yet. */
export const INCREMENT: Script = writing(`${COUNTER}
local window = tonumber(ARGV[2])
if ends <= now or ends > now + window then
  redis.call('HSET', KEYS[1], 'count', '1', 'endsAt', whole(now + window))
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
  return { '1', ARGV[2] }
end
return { redis.call('HINCRBY', KEYS[1], 'count', 1), whole(ends - now) }
`);

/** KEYS counter; ARGV time or nothing. Answers the count, and how long its window lasts yet; nothing when that is over. */
export const COUNTED: Script = reading(`${COUNTER}
if ends <= now then return {} end
return { redis.call('HGET', KEYS[1], 'count'), whole(ends - now) }
`);

/** KEYS counter. */
export const FORGET: Script = writing(`redis.call('DEL', KEYS[1])`);
