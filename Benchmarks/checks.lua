-- Asks what many entitlements allow, as the enterprise. TOKEN and USES, the body, come from the environment.
wrk.method = "POST"
wrk.body = os.getenv("USES")
wrk.headers["Authorization"] = "Bearer " .. os.getenv("TOKEN")
wrk.headers["Content-Type"] = "application/json"
