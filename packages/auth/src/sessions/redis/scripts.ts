/** The scripts of the Redis store. Numbers are passed through as text: Lua would write a time of today as `1.7e+12`. */
import { type Script, script } from './client.js';

/** Lets a key live for at least so many milliseconds more. */
const LIVES = `
local function lives(key, milliseconds)
  if redis.call('PTTL', key) < milliseconds then
    redis.call('PEXPIRE', key, string.format('%.0f', math.max(1, milliseconds)))
  end
end
`;

/**
 * Makes the state of a store that has none. Its eras are counted from the time: should Redis have lost everything, then
 * sessions from before are of earlier eras all the same.
 */
const BEGINS = `
if redis.call('EXISTS', KEYS[1]) == 0 then redis.call('HSET', KEYS[1], 'era', ARGV[1], 'sequence', '0') end
`;

/** KEYS state; ARGV time. Answers the era. */
export const ERA: Script = script(`${BEGINS} return redis.call('HGET', KEYS[1], 'era')`);

/**
 * KEYS state, marks, order, ends; ARGV time, nonce, channel, kind, id, at, until.
 * Answers 1 when it was not revoked yet, else 0: then it is revoked for the longer of both times. When a mark has expired
 * is told by the clock of Redis, which no machine's jump ahead can move.
 */
export const REVOKE: Script = script(`${BEGINS}${LIVES}
local nonce, channel, kind, id, at = ARGV[2], ARGV[3], ARGV[4], ARGV[5], ARGV[6]
local era = '0'
if kind == 'subject' or kind == 'all' then
  era = string.format('%.0f', redis.call('HINCRBY', KEYS[1], 'era', 1))
end
local fresh = 1
if kind == 'all' then
  redis.call('HSET', KEYS[1], 'allEra', era, 'allAt', at)
else
  local time = redis.call('TIME')
  local now = tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
  local life, ends = tonumber(ARGV[7]) - tonumber(ARGV[1]), ARGV[7]
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
  redis.call('HSET', KEYS[2], mark, ends .. ':' .. at .. ':' .. era .. ':' .. nonce)
  redis.call('ZADD', KEYS[3], sequence, mark)
  redis.call('ZADD', KEYS[4], string.format('%.0f', now + life), mark)
  for _, over in ipairs(redis.call('ZRANGEBYSCORE', KEYS[4], '-inf', string.format('%.0f', now), 'LIMIT', 0, 100)) do
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
 * KEYS state, marks, order; ARGV sequence, nonce of the mark that had it. Answers era and time of what was revoked for all,
 * and (mark, value, sequence)* of what came after, or of everything when that mark has gone: it has expired, was revoked
 * again, or a crash has cost Redis its last writes, and the numbers since then are of others.
 */
export const SINCE: Script = script(`
local answer = redis.call('HMGET', KEYS[1], 'allEra', 'allAt')
local last = redis.call('ZRANGEBYSCORE', KEYS[3], ARGV[1], ARGV[1])[1]
local value = last and redis.call('HGET', KEYS[2], last)
local known = value and string.match(value, '[^:]*$') == ARGV[2]
local found = redis.call('ZRANGEBYSCORE', KEYS[3], known and '(' .. ARGV[1] or '-inf', '+inf', 'WITHSCORES', 'LIMIT', 0, ${PAGE})
for index = 1, #found, 2 do
  table.insert(answer, found[index])
  table.insert(answer, redis.call('HGET', KEYS[2], found[index]))
  table.insert(answer, found[index + 1])
end
return answer
`);

/** KEYS state, marks; ARGV marks. Answers era and time of what was revoked for all, and the value of each mark. */
export const MARKS: Script = script(`
local answer = redis.call('HMGET', KEYS[1], 'allEra', 'allAt')
if #ARGV > 0 then
  for _, value in ipairs(redis.call('HMGET', KEYS[2], unpack(ARGV))) do table.insert(answer, value) end
end
return answer
`);

/** KEYS session. */
export const READ: Script = script(`return redis.call('GET', KEYS[1])`);

/** KEYS session; ARGV record, life in milliseconds. */
export const STORE: Script = script(`redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])`);

/** KEYS session; ARGV record that must stand there, record to take its place, its life in milliseconds. Answers 1 or 0. */
export const REPLACE: Script = script(`
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'PX', ARGV[3])
return 1
`);

/** KEYS sessions of a subject; ARGV ID, its end, time. */
export const ENLIST: Script = script(`${LIVES}
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
lives(KEYS[1], tonumber(ARGV[2]) - tonumber(ARGV[3]))
`);

/** KEYS sessions of a subject; ARGV time. Answers the IDs. */
export const LISTED: Script = script(`return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf')`);

/** KEYS counter; ARGV time, end of a window that begins now, its length in milliseconds. Answers count and end. */
export const INCREMENT: Script = script(`
local ends = redis.call('HGET', KEYS[1], 'endsAt')
if not ends or tonumber(ends) <= tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'count', '1', 'endsAt', ARGV[2])
  redis.call('PEXPIRE', KEYS[1], ARGV[3])
  return { '1', ARGV[2] }
end
return { redis.call('HINCRBY', KEYS[1], 'count', 1), ends }
`);

/** KEYS counter. Answers count and end. */
export const COUNTED: Script = script(`return redis.call('HMGET', KEYS[1], 'count', 'endsAt')`);

/** KEYS counter. */
export const FORGET: Script = script(`redis.call('DEL', KEYS[1])`);
