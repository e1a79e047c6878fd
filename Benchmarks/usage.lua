-- Usage events, BATCH a request (0: one, structured), over the entitlements of ENTITLEMENTS. TOKEN comes from the environment.
local rights, counter, prefix = {}, 0, nil
for id in os.getenv("ENTITLEMENTS"):gmatch("%S+") do rights[#rights + 1] = id end
local batch = tonumber(os.getenv("BATCH"))
function setup(thread) thread:set("id", tostring(thread)) end
function init(arguments) math.randomseed(os.time()); prefix = (id .. math.random(1, 1e9)):gsub("[^%w]", "") .. "-" end
local function event()
    counter = counter + 1
    return '{"specversion":"1.0","source":"/gateways/bench","id":"' .. prefix .. counter .. '","type":"call","subject":"'
        .. rights[counter % #rights + 1] .. '","time":"' .. os.date("!%Y-%m-%dT%H:%M:%SZ") .. '","data":{"quantity":' .. counter % 7 + 1 .. ',"bytes":' .. counter % 997 .. '}}'
end
function request()
    local body, kind = nil, "application/cloudevents+json"
    if batch > 0 then
        local events = {}
        for place = 1, batch do events[place] = event() end
        body, kind = "[" .. table.concat(events, ",") .. "]", "application/cloudevents-batch+json"
    else
        body = event()
    end
    return wrk.format("POST", "/v1/usage/events",
        { ["Authorization"] = "Bearer " .. os.getenv("TOKEN"), ["Content-Type"] = kind }, body)
end
