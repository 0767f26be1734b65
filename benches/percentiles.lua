-- Makes wrk print one line of JSON when it is done. With the argument `anew` no two requests have the same address, so that no
-- page can be answered from memory.
local count = 0

function init(arguments)
  if arguments[1] == "anew" then
    local path = wrk.path .. (wrk.path:find("?", 1, true) and "&" or "?") .. "anew="
    request = function()
      count = count + 1
      return wrk.format(nil, path .. count)
    end
  end
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format(
    '\n{"requests": %d, "duration_us": %d, "bytes": %d, "errors": %d, "p50_us": %d, "p99_us": %d, "max_us": %d}\n',
    summary.requests, summary.duration, summary.bytes,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    latency:percentile(50), latency:percentile(99), latency.max
  ))
end
