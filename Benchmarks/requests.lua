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
