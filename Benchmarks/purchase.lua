-- One purchase a request, each with a key of its own. TOKEN and OFFER come from the environment; where they are several, with
-- spaces between, each request takes the next ones.
local counter = 0
local prefix
local tokens, offers = {}, {}
function setup(thread) thread:set("id", tostring(thread)) end
function init(arguments)
    math.randomseed(os.time())
    prefix = id .. math.random(1, 1e9) .. "-"
    for token in os.getenv("TOKEN"):gmatch("%S+") do tokens[#tokens + 1] = token end
    for offer in os.getenv("OFFER"):gmatch("%S+") do offers[#offers + 1] = offer end
end
function request()
    counter = counter + 1
    return wrk.format("POST", "/v1/purchases", {
        ["Authorization"] = "Bearer " .. tokens[1 + counter % #tokens], ["Content-Type"] = "application/json",
        ["Idempotency-Key"] = (prefix .. counter):gsub("[^%w-]", ""):sub(-150),
    }, '{"offer": "' .. offers[1 + counter % #offers] .. '", "purpose": "research"}')
end
