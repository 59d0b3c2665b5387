// What Lua and SQLite are asked to do.

export const LUA_SCRIPTS: Readonly<Record<string, string>> = {
  arguments: `print(arg[0], arg[1], arg[2], #arg, ...)`,
  input: `print(io.read("n", "n")); print(io.read("l")); print(io.read("a")); print(io.read("a"), io.read("l"))`,
  numbers: `
    for _, x in ipairs { 1, -7, 2^53, 1e308 * 10, -0.0, 0.1, 1/3, math.maxinteger, math.mininteger } do
      print(x, x // 3, x % 3, -x, string.format("%.14g %a", x, x), math.type(x))
    end
    print(math.maxinteger + 1 == math.mininteger, 7 // 0.0, -7 % math.huge, 3 | 5 ~ 9, 1 << 62, 1 << 64, ~0)
    print(pcall(function() return 1 // 0 end))
    for i = -2, 2 do io.write(math.fmod(i, 1.5), " ", math.floor(i / 3), " ", math.ult(i, 1) and 1 or 0, "\\n") end
    print(math.tointeger("8"), tonumber("0x1p-3"), tonumber("z", 36), tonumber("  12  "), tonumber("1e"), 10 / 2)`,
  strings: `
    local s = "The quick brown fox"
    for w in s:gmatch("%a+") do io.write(w:upper(), "|", w:rep(2, "-"), "|", w:reverse(), "\\n") end
    print(s:find("q(%a)(%a)"), s:gsub("o", { o = "0" }), ("x"):byte(), ("%5.2f|%-8s|%q"):format(3.14159, "ab", "a\\n\\0b"))
    print(string.pack(">I4s2", 7, "hi"):byte(1, -1)); print(string.unpack("<d", string.pack("<d", 1.5)))
    print(utf8.char(228, 8364, 128512), utf8.len("äö"), #"äö"); for p, c in utf8.codes("aä€") do io.write(p, ":", c, " ") end print()`,
  tables: `
    local t = {} for i = 1, 2000 do t[i] = (i * 7919) % 2003 end
    table.sort(t) print(t[1], t[1000], t[2000], #t) table.sort(t, function(a, b) return a > b end)
    print(table.concat(t, ",", 1, 10), select("#", table.unpack(t, 1, 200))) table.move(t, 1, 5, 3) print(table.concat(t, " ", 1, 9))
    local m = setmetatable({}, { __index = function(_, k) return k .. "!" end, __call = function(_, x) return x * 2 end, __len = function() return 42 end })
    print(m.key, m(21), #m) print(next({}), rawlen({ 1, 2 }), table.remove({ 7, 8 }), pcall(table.insert, {}, 5, 5))`,
  coroutines: `
    local function tree(n) if n > 0 then tree(n - 1) coroutine.yield(n) tree(n - 1) end end
    local s = 0 for x in coroutine.wrap(function() tree(10) end) do s = s * 3 % 1000003 + x end print(s)
    local co = coroutine.create(function(...) local a = coroutine.yield(...) error({ code = a }) end)
    print(coroutine.resume(co, 1, 2)) local ok, e = coroutine.resume(co, 9) print(ok, e.code, coroutine.status(co), coroutine.close(co))`,
  errors: `
    print(pcall(error, "plain", 0)) print(select(2, pcall(function() local x = nil; x.y = 1 end)))
    print(xpcall(function() error("deep") end, function(m) return "handled " .. m end))
    local function down(n) return 1 + down(n + 1) end print((select(2, pcall(down, 1)):gsub("\\n.*", "")))
    print(load("x = = 1")) print(pcall(string.rep, "x", -1), pcall(string.rep, "x", 1 << 40))
    local t <close> = setmetatable({}, { __close = function() print("closed") end }) os.exit(7, true)`,
  memory: `
    local weak = setmetatable({}, { __mode = "v" }) for i = 1, 2000 do weak[i] = { i } end collectgarbage()
    local n = 0 for _ in pairs(weak) do n = n + 1 end print(n)
    for _, mode in ipairs { "generational", "incremental" } do collectgarbage(mode) local s = {} for i = 1, 30000 do s[i % 100] = { i } end print(mode, #s) end
    setmetatable({}, { __gc = function() print("collected") end }) collectgarbage() local big = ("x"):rep(1 << 20) print(#big)`,
  files: `
    local f = assert(io.open("made", "w+b")) f:write("one\\n", 2, "\\n", 3.5, "\\n") print(f:seek("set", 2), f:read("l", "n", "n"), f:seek("end"))
    f:setvbuf("full", 16) f:write(("y"):rep(5000)) f:close() for l in io.lines("made") do io.write(#l, " ") end print()
    print(os.rename("made", "moved"), os.rename("made", "x")) print(os.remove("moved"), os.remove("moved")) print(io.open("/nowhere/x"))
    local name = os.tmpname() local g = io.open(name, "w") g:write("t") g:close() print(io.open(name):read("a"), os.remove(name)) local t = io.tmpfile() t:write("abc") t:seek("set") print(t:read(2), io.type(t))
    print(os.getenv("HOME"), os.time({ year = 2020, month = 2, day = 30, hour = 12 }), os.date("!%Y-%m-%d %H:%M:%S", 86400 * 365))`,
}

export const SQL: Readonly<Record<string, readonly string[]>> = {
  reading: [
    'pragma integrity_check',
    'select count(*), sum(n), min(word), max(word) from words',
    "select id from words where word = 'word42' order by id desc",
    'select substr(word, 1, 5) w, avg(n), group_concat(id) from words where id < 60 group by w having count(*) > 2',
    'with recursive c(x) as (select 1 union all select x + 1 from c where x < 1000) select sum(x * x) from c',
    "explain query plan select * from words where word between 'a' and 'word2'",
    'select word, row_number() over (order by n desc) r from words limit 5',
    "select printf('%.10f|%e|%s', 1.0 / 3, 1e300, x'00ff'), round(2.5), abs(-7), hex(zeroblob(3)), json_extract('{\"a\":[1,2]}', '$.a[1]')",
  ],
  writing: [
    'update words set n = n * 2 where id % 3 = 0; select changes()',
    'delete from words where id > 4000; select count(*) from words',
    "insert into words(word, n) select word || 'x', n from words where id < 500; select count(*), max(id) from words",
    'begin; delete from words; rollback; select count(*) from words',
    'create table other as select word, count(*) c from words group by word; select sum(c) from other',
    'vacuum; pragma page_count; pragma integrity_check',
    'alter table other add column more default 7; select more, count(*) from other group by more',
    'insert into words values(1, 2, 3)',
    'select * from nothing',
    '.schema',
  ],
  journals: [
    'pragma journal_mode = wal; insert into words(word) values(1); select count(*) from words',
    'insert into words(word) values(2); pragma wal_checkpoint; select count(*) from words',
    'pragma journal_mode = memory; delete from words where id < 100; select count(*) from words',
    'pragma journal_mode = truncate; pragma synchronous = full; insert into words(word) values(3)',
    'pragma mmap_size = 10000000; select sum(length(word)) from words; update words set n = 1; select sum(n) from words',
    'pragma journal_mode = delete; pragma locking_mode = exclusive; insert into words(word) values(4); select count(*) from words',
    "attach 'second.db' as second; create table second.copy as select * from words; select count(*) from second.copy",
    '.backup third.db',
    'pragma integrity_check',
  ],
  text: [
    "create virtual table found using fts5(body); insert into found select word || ' about ' || id from words; select count(*) from found where found match 'word42'",
    "select body from found where found match 'word1* AND 7' order by rowid limit 3",
    'create trigger t after insert on words begin insert into found values(new.word); end; insert into words(word) values("triggered"); select body from found where found match "triggered"',
    '.dump words',
  ],
}
