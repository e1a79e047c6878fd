-- Random requests from a file of "path token" lines, "-" for none. REQUESTS comes from the environment.
local requests = {}
function init(arguments)
    math.randomseed(os.time())
    for line in io.lines(os.getenv("REQUESTS")) do
        local path, token = line:match("^(%S+) (%S+)$")
        local headers = {}
        if token ~= "-" then headers["Authorization"] = "Bearer " .. token end
        requests[#requests + 1] = wrk.format("GET", path, headers)
    end
end
function request() return requests[math.random(#requests)] end

-- In milliseconds, for who needs more of them than wrk prints.
function done(summary, latency)
    print(string.format("percentiles %.3f %.3f %.3f", latency:percentile(50) / 1000, latency:percentile(95) / 1000,
        latency:percentile(99) / 1000))
end
