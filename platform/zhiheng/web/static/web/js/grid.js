/* Entry grid: arrow keys, blocks from Excel, saving by itself. What is typed is kept in this browser until the server has it. */
(function () {
  'use strict';
  var table = document.getElementById('grid');
  var editable = document.querySelectorAll('input[data-m]');
  var holder = document.getElementById('grid-data');
  if (!holder) return;
  var store = holder.dataset.store, keepKey = holder.dataset.keep;
  var token = JSON.parse(document.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'];
  var state = document.getElementById('grid-state');
  var list = document.getElementById('grid-errors');
  var link = document.getElementById('grid-errors-link');
  var undoBox = document.getElementById('grid-undo');
  var pending = new Map(), sending = new Map(), wrong = new Map();
  var timer = 0, busy = false, offline = false, lastPaste = [];

  var id = function (input) { return input.dataset.m + '|' + input.dataset.u; };
  var inputs = {};
  editable.forEach(function (input) { inputs[id(input)] = input; });
  var cell = function (input) { return input.closest('td'); };
  var rows = table ? Array.prototype.slice.call(table.tBodies[0].rows) : [];
  var at = function (row, column) { return rows[row] && rows[row].cells[column + 1] ? rows[row].cells[column + 1].querySelector('input') : null; };
  var place = function (input) { var td = cell(input); return { row: rows.indexOf(td.parentNode), column: td.cellIndex - 1 }; };
  var columns = table ? Array.prototype.slice.call(table.tHead.rows[1].cells) : [];

  /* ---------- what is said about saving ---------- */
  var fill = function (text, data) { return text.replace(/\{(\w+)\}/g, function (all, name) { return data[name]; }); };
  var say = function (text, meaning) {
    if (!state) return;
    state.className = 'zh-tag is-plain is-' + meaning;
    state.querySelector('span').textContent = text;
  };
  var tell = function () {
    var left = pending.size + sending.size;
    if (offline) say(fill(gettext('网络断了，{n}格留在这台电脑上，连上后自动再存'), { n: left }), 'warn');
    else if (left) say(fill(gettext('正在保存{n}格，其余已存'), { n: left }), 'info');
    var count = wrong.size;
    if (list) {
      list.hidden = !count;
      list.querySelector('b').textContent = fill(gettext('{n}格没有保存，其余都已保存'), { n: count });
      var ul = list.querySelector('ul');
      ul.replaceChildren();
      wrong.forEach(function (entry, key) { ul.append(line(entry, inputs[key])); });
    }
    if (link) { link.hidden = !count; link.querySelector('span').textContent = fill(gettext('{n}处没存上，看第1处'), { n: count }); }
  };
  var line = function (entry, input) {
    var item = document.createElement('li');
    var go = document.createElement('a');
    go.href = '#grid-errors';
    go.textContent = input.getAttribute('aria-label');
    go.addEventListener('click', function (event) { event.preventDefault(); show(input); input.focus(); });
    item.append(go, '：' + entry.text + ' ');
    entry.fixes.forEach(function (fix) {
      var button = document.createElement('button');
      button.type = 'button';
      button.className = 'btn btn-tiny';
      button.textContent = fix.label;
      button.addEventListener('click', fix.run);
      item.append(button, ' ');
    });
    return item;
  };
  if (link) link.addEventListener('click', function (event) {
    event.preventDefault();
    var first = wrong.keys().next().value;
    if (first) { show(inputs[first]); inputs[first].focus(); }
  });

  /* ---------- keeping and sending ---------- */
  var keep = function () {
    if (!keepKey) return;
    var all = {};
    [sending, pending].forEach(function (map) { map.forEach(function (text, key) { all[key] = { t: text, r: inputs[key].dataset.r }; }); });
    wrong.forEach(function (entry, key) { all[key] = { t: inputs[key].value, r: inputs[key].dataset.r }; });
    try {
      if (Object.keys(all).length) localStorage.setItem(keepKey, JSON.stringify(all)); else localStorage.removeItem(keepKey);
    } catch (error) { /* a full or forbidden storage: the page still holds everything */ }
  };
  var changed = function (input, now) {
    var key = id(input);
    wrong.delete(key);
    cell(input).classList.remove('is-err', 'is-ret');
    input.removeAttribute('aria-invalid');
    if (input.value === input.dataset.o && !sending.has(key)) {
      pending.delete(key);
      cell(input).classList.remove('is-dirty');
    } else {
      pending.set(key, input.value);
      cell(input).classList.add('is-dirty');
    }
    keep(); tell();
    clearTimeout(timer);
    timer = setTimeout(send, now ? 0 : 500);
  };
  var send = function () {
    if (busy || !pending.size) return;
    busy = true;
    sending = pending; pending = new Map();
    tell();
    var cells = [];
    sending.forEach(function (text, key) { var input = inputs[key]; cells.push({ m: input.dataset.m, u: input.dataset.u, t: text, r: Number(input.dataset.r) }); });
    fetch(store, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRFToken': token }, body: JSON.stringify({ cells: cells }), redirect: 'manual' })
      .then(function (answer) {
        if (answer.type === 'opaqueredirect' || answer.status === 401) throw { text: gettext('登录过期了。请在新窗口登录，回来会接着保存') };
        return answer.json().catch(function () { throw { text: gettext('服务器没有收下，过一会儿自动再存') }; }).then(function (data) {
          if (!answer.ok) throw { text: data.problem || gettext('服务器没有收下，过一会儿自动再存'), final: answer.status === 409 || answer.status === 403 };
          return data;
        });
      })
      .then(settled, failed)
      .then(function () { busy = false; if (pending.size) timer = setTimeout(send, offline ? 4000 : 50); });
  };
  var settled = function (data) {
    offline = false;
    data.saved.forEach(function (one) {
      var key = one.m + '|' + one.u, input = inputs[key];
      input.dataset.r = one.r; input.dataset.o = one.t;
      if (!pending.has(key)) {
        if (document.activeElement !== input || input.value === sending.get(key)) input.value = one.t;
        cell(input).classList.remove('is-dirty', 'is-err', 'is-ret');
      }
    });
    data.refused.forEach(function (one) {
      var key = one.m + '|' + one.u, input = inputs[key], fixes = [];
      var guess = /是不是(\S+?)？/.exec(one.advice);
      if (guess) fixes.push({ label: fill(gettext('改成{text}'), { text: guess[1] }), run: function () { input.value = guess[1]; changed(input, true); } });
      mark(input, 'is-err', one.why + '。' + one.advice + (/[。？]$/.test(one.advice) ? '' : '。'), fixes);
    });
    data.conflicts.forEach(function (one) {
      var key = one.m + '|' + one.u, input = inputs[key];
      mark(input, 'is-ret', fill(gettext('{who}刚改成{theirs}，您填的是{yours}。'), { who: one.by || gettext('别人'), theirs: one.t || gettext('空'), yours: input.value || gettext('空') }), [
        { label: gettext('用我的'), run: function () { input.dataset.r = one.r; input.dataset.o = one.t; changed(input, true); } },
        { label: gettext('用对方的'), run: function () { input.dataset.r = one.r; input.dataset.o = one.t; input.value = one.t; changed(input, true); } }]);
    });
    sending = new Map();
    keep();
    if (!pending.size) say(fill(gettext('已保存 {at}'), { at: data.at }), 'ok');
    tell();
  };
  var failed = function (reason) {
    sending.forEach(function (text, key) { if (!pending.has(key)) pending.set(key, text); });
    sending = new Map();
    offline = !reason.final;
    keep(); tell();
    if (reason.text) say(reason.text, 'warn');
    if (reason.final) pending = new Map();
  };
  var mark = function (input, name, text, fixes) {
    wrong.set(id(input), { text: text, fixes: fixes });
    cell(input).classList.remove('is-dirty', 'is-err', 'is-ret');
    cell(input).classList.add(name);
    input.setAttribute('aria-invalid', 'true');
  };
  window.addEventListener('online', function () { send(); });
  window.addEventListener('beforeunload', function (event) { if (pending.size + sending.size + wrong.size) event.preventDefault(); });
  document.querySelectorAll('form[data-needs-saved]').forEach(function (form) {
    form.addEventListener('submit', function (event) {
      if (!(pending.size + sending.size + wrong.size)) return;
      event.preventDefault(); event.stopImmediatePropagation();
      say(fill(gettext('还有{n}格没存上，先处理完再提交'), { n: pending.size + sending.size + wrong.size }), 'warn');
      send();
    }, true);
  });

  /* ---------- what was typed before the page was lost ---------- */
  try {
    var left = JSON.parse(localStorage.getItem(keepKey) || '{}');
    Object.keys(left).forEach(function (key) {
      var input = inputs[key];
      if (!input || input.value === left[key].t) return;
      input.value = left[key].t;
      input.dataset.r = left[key].r;
      changed(input);
    });
  } catch (error) { /* nothing kept */ }

  /* ---------- moving and typing ---------- */
  var inside = false;
  var show = function (input) {
    var td = cell(input);
    if (!table || !table.contains(td)) return;
    choose(td.cellIndex - 1);
  };
  var choose = function (column) {
    if (!columns[column]) return;
    table.querySelectorAll('.is-shown').forEach(function (one) { one.classList.remove('is-shown'); });
    columns.forEach(function (head, number) { head.classList.toggle('is-curc', number === column); });
    rows.forEach(function (row) { row.cells[column + 1].classList.add('is-shown'); });
    table.dataset.column = column;
    document.querySelectorAll('[data-about]').forEach(function (about) {
      var here = about.dataset.about === columns[column].dataset.code;
      about.hidden = !here;
      if (here) {
        document.querySelector('.zh-grid-now b').textContent = about.dataset.title;
        document.querySelector('.zh-grid-now span').textContent = about.dataset.sub;
      }
    });
  };
  var step = function (by) { choose(Math.max(0, Math.min(columns.length - 1, Number(table.dataset.column || 0) + by))); };
  document.querySelectorAll('[data-grid-prev]').forEach(function (b) { b.addEventListener('click', function () { step(-1); }); });
  document.querySelectorAll('[data-grid-next]').forEach(function (b) { b.addEventListener('click', function () { step(1); }); });
  if (table) choose(0);

  var move = function (input, down, right) {
    var here = place(input), row = here.row + down, column = here.column + right;
    while (rows[row] && column >= 0 && column < columns.length) {
      var found = at(row, column);
      if (found) { found.focus(); found.select(); return; }
      row += down; column += right;
    }
  };
  var steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], Enter: [1, 0] };
  editable.forEach(function (input) {
    input.addEventListener('focus', function () {
      inside = false;
      if (!table || !table.contains(input)) return;
      show(input);
      rows.forEach(function (row) { row.classList.toggle('is-cur', row === cell(input).parentNode); });
      input.select();
    });
    input.addEventListener('input', function () { changed(input); });
    input.addEventListener('blur', function () { if (pending.has(id(input))) { clearTimeout(timer); send(); } });
    input.addEventListener('click', function () { inside = true; });
    input.addEventListener('keydown', function (event) {
      if (event.isComposing) return;
      if (event.key === 'F2') { inside = true; input.setSelectionRange(input.value.length, input.value.length); event.preventDefault(); return; }
      if (event.key === 'Escape') { input.value = input.dataset.o; changed(input); input.select(); event.stopPropagation(); return; }
      var by = table && table.contains(input) && steps[event.key];
      if (!by || event.ctrlKey || event.metaKey || event.altKey) return;
      if (by[1] && inside) {
        var edge = by[1] < 0 ? input.selectionEnd === 0 : input.selectionStart === input.value.length;
        if (!edge) return;
      }
      event.preventDefault();
      if (event.shiftKey && event.key !== 'Enter') { extend(input, by); return; }
      clearSelection();
      move(input, event.shiftKey ? -by[0] : by[0], by[1]);
    });
    input.addEventListener('paste', function (event) {
      var text = event.clipboardData.getData('text/plain').replace(/\r/g, '').replace(/\n$/, '');
      if (!table || !table.contains(input) || !/[\t\n]/.test(text)) return;
      event.preventDefault();
      paste(input, text.split('\n').map(function (one) { return one.split('\t'); }));
    });
  });

  /* ---------- blocks ---------- */
  var paste = function (input, block) {
    var here = place(input), before = [];
    block.forEach(function (texts, down) {
      texts.forEach(function (text, right) {
        var target = at(here.row + down, here.column + right);
        if (!target || !text.trim()) return;
        before.push([target, target.value]);
        target.value = text.trim();
        changed(target);
      });
    });
    lastPaste = before;
    undoBox.hidden = !before.length;
    undoBox.querySelector('span').textContent = fill(gettext('刚粘贴{rows}行×{columns}列，{n}格'), { rows: block.length, columns: block[0].length, n: before.length });
  };
  document.querySelectorAll('[data-grid-undo]').forEach(function (button) {
    button.addEventListener('click', function () {
      lastPaste.forEach(function (pair) { pair[0].value = pair[1]; changed(pair[0]); });
      lastPaste = []; undoBox.hidden = true;
    });
  });
  var corner = null;
  var clearSelection = function () {
    corner = null;
    if (table) table.querySelectorAll('.is-sel').forEach(function (td) { td.classList.remove('is-sel'); });
  };
  var extend = function (input, by) {
    var here = place(input);
    corner = corner || { row: here.row, column: here.column };
    corner = { row: Math.max(0, Math.min(rows.length - 1, corner.row + by[0])), column: Math.max(0, Math.min(columns.length - 1, corner.column + by[1])) };
    table.querySelectorAll('.is-sel').forEach(function (td) { td.classList.remove('is-sel'); });
    for (var row = Math.min(here.row, corner.row); row <= Math.max(here.row, corner.row); row += 1)
      for (var column = Math.min(here.column, corner.column); column <= Math.max(here.column, corner.column); column += 1)
        rows[row].cells[column + 1].classList.add('is-sel');
  };
  document.addEventListener('copy', function (event) {
    if (!table || !corner) return;
    var lines = [];
    rows.forEach(function (row) {
      var texts = Array.prototype.slice.call(row.querySelectorAll('td.is-sel')).map(function (td) { var input = td.querySelector('input'); return input ? input.value : td.textContent.trim(); });
      if (texts.length) lines.push(texts.join('\t'));
    });
    event.clipboardData.setData('text/plain', lines.join('\n'));
    event.preventDefault();
  });
})();
