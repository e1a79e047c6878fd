-- One purchase a request, each with a key of its own. TOKEN and OFFER come from the environment.
local counter = 0
local prefix
function setup(thread) thread:set("id", tostring(thread)) end
function init(arguments) math.randomseed(os.time()); prefix = id .. math.random(1, 1e9) .. "-" end
function request()
    counter = counter + 1
    return wrk.format("POST", "/v1/purchases", {
        ["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = "application/json",
        ["Idempotency-Key"] = (prefix .. counter):gsub("[^%w-]", ""):sub(-150),
    }, '{"offer": "' .. os.getenv("OFFER") .. '", "purpose": "research"}')
end
