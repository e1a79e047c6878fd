-- The requests of a file of "path token" lines, "-" for no token, one after the other; the second thread begins in the
-- middle. REQUESTS comes from the environment.
local requests, place, threads = {}, 0, 0
function setup(thread)
    thread:set("first", threads)
    threads = threads + 1
end

function init(arguments)
    for line in io.lines(os.getenv("REQUESTS")) do
        local path, token = line:match("^(%S+) (%S+)$")
        local headers = {}
        if token ~= "-" then headers["Authorization"] = "Bearer " .. token end
        requests[#requests + 1] = wrk.format("GET", path, headers)
    end
    place = first * math.floor(#requests / 2)
end

function request()
    place = place % #requests + 1
    return requests[place]
end

-- In milliseconds, for who needs more of them than wrk prints.
function done(summary, latency)
    print(string.format("percentiles %.3f %.3f %.3f", latency:percentile(50) / 1000, latency:percentile(95) / 1000,
        latency:percentile(99) / 1000))
end
