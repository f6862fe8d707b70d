/* Small behaviours of the frame. Everything here is a comfort: each page works without it. */
(function () {
  'use strict';
  /* the texts of other languages come from words.js; Chinese pages do without it */
  var gettext = window.gettext = window.gettext || function (text) { return text; };
  var root = document.documentElement;
  var on = function (type, selector, run) {
    document.addEventListener(type, function (event) {
      var found = event.target.closest && event.target.closest(selector);
      if (found) run(found, event);
    });
  };
  var setCookie = function (name, value) {
    document.cookie = name + '=' + value + ';path=/;max-age=31536000;samesite=lax' + (location.protocol === 'https:' ? ';secure' : '');
  };

  /* light and dark without a reload */
  on('click', '[data-theme-toggle]', function (button, event) {
    event.preventDefault();
    var next = root.getAttribute('data-bs-theme') === 'dark' ? 'light' : 'dark';
    root.setAttribute('data-bs-theme', next);
    setCookie('zh_theme', next);
    document.dispatchEvent(new Event('zh:theme'));
  });

  /* menus close on a click elsewhere and on Escape */
  document.addEventListener('click', function (event) {
    document.querySelectorAll('details[data-menu][open]').forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
  });
  document.addEventListener('keydown', function (event) {
    if (event.key === 'Escape') {
      document.querySelectorAll('details[data-menu][open]').forEach(function (menu) { menu.open = false; menu.querySelector('summary').focus(); });
      closeNav();
      var drawer = document.querySelector('.zh-drawer [data-close]');
      if (drawer) drawer.click();
    }
    if (event.key === '/' && !/^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && !event.ctrlKey && !event.metaKey) {
      var box = document.querySelector('[data-key-slash]');
      if (box && box.offsetParent) { event.preventDefault(); box.focus(); box.select(); }
    }
  });

  /* navigation on phones */
  var nav = function () { return document.getElementById('nav'); };
  var closeNav = function () { if (nav()) nav().classList.remove('is-open'); };
  on('click', '[data-nav-open]', function (link, event) { event.preventDefault(); nav().classList.add('is-open'); nav().querySelector('a').focus(); });
  on('click', '.zh-nav-close', function (link, event) { event.preventDefault(); closeNav(); });
  document.addEventListener('click', function (event) {
    if (nav() && nav().classList.contains('is-open') && !nav().contains(event.target) && !event.target.closest('[data-nav-open]')) closeNav();
  });

  /* buttons that only make sense with a script */
  var ready = function (scope) {
    scope.querySelectorAll('[data-copy], [data-reveal], [data-print]').forEach(function (button) { button.hidden = false; });
    scope.querySelectorAll('.zh-fold[data-folded]').forEach(function (button) { button.removeAttribute('data-folded'); fold(button, false); });
    var focus = scope.querySelector('[data-autofocus]');
    if (focus) focus.focus();
  };
  on('click', '[data-copy]', function (button) {
    var text = document.querySelector(button.getAttribute('data-copy')).textContent.trim();
    var done = function () { var label = button.querySelector('span'); if (label) label.textContent = gettext('已复制'); };
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(done);
  });
  on('click', '[data-reveal]', function (button) {
    var input = document.querySelector(button.getAttribute('data-reveal'));
    var shown = input.type === 'text';
    input.type = shown ? 'password' : 'text';
    button.setAttribute('aria-pressed', String(!shown));
  });
  on('click', '[data-print]', function () { window.print(); });
  on('click', '[data-dismiss]', function (button) { button.closest('[role]').remove(); });

  /* trees fold; without a script they stand open */
  var fold = function (button, open) {
    button.setAttribute('aria-expanded', String(open));
    var below = button.closest('li').querySelector('ul');
    if (below) below.hidden = !open;
  };
  on('click', '.zh-fold', function (button) { fold(button, button.getAttribute('aria-expanded') !== 'true'); });

  /* file picked or dropped: show its name */
  on('change', '.zh-drop input[type=file]', function (input) {
    var name = input.closest('.zh-drop').querySelector('.zh-file-name');
    if (name) name.textContent = input.files.length ? input.files[0].name : '';
  });
  ['dragover', 'dragleave', 'drop'].forEach(function (type) {
    on(type, '.zh-drop', function (zone, event) {
      event.preventDefault();
      zone.classList.toggle('is-over', type === 'dragover');
      if (type === 'drop' && event.dataTransfer.files.length) {
        var input = zone.querySelector('input[type=file]');
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event('change', { bubbles: true }));
      }
    });
  });

  /* one press, one submission */
  document.addEventListener('submit', function (event) {
    var form = event.target;
    if (form.method !== 'post' || form.hasAttribute('hx-post')) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = '1';
    setTimeout(function () { delete form.dataset.sent; }, 4000);
  });
  window.addEventListener('pageshow', function () { document.querySelectorAll('form[data-sent]').forEach(function (form) { delete form.dataset.sent; }); });

  /* a dead connection says so instead of doing nothing */
  document.addEventListener('htmx:sendError', function () {
    var place = document.getElementById('problems');
    if (!place) return;
    var note = document.createElement('div');
    note.className = 'zh-note is-warn';
    note.setAttribute('role', 'alert');
    note.textContent = gettext('网络断了，这一步没有送到。页面上的内容都在，连上后再点一次。');
    place.replaceChildren(note);
  });

  /* the drawer takes room from the page on wide screens */
  var drawerState = function () {
    var shell = document.querySelector('.zh-shell');
    if (!shell) return;
    var open = !!document.querySelector('#drawer .zh-drawer');
    if (shell.classList.contains('has-drawer') === open) return;
    shell.classList.toggle('has-drawer', open);
    window.dispatchEvent(new Event('resize'));
  };
  on('click', '.zh-drawer [data-close]', function (button, event) {
    event.preventDefault();
    var opener = document.querySelector('[aria-expanded="true"][data-drawer]');
    document.getElementById('drawer').replaceChildren();
    drawerState();
    document.querySelectorAll('tr[aria-selected]').forEach(function (row) { row.removeAttribute('aria-selected'); });
    if (button.dataset.base) history.pushState({}, '', button.dataset.base);
    if (opener) { opener.setAttribute('aria-expanded', 'false'); opener.focus(); }
  });
  on('click', '[data-drawer]', function (link) {
    document.querySelectorAll('[data-drawer][aria-expanded="true"]').forEach(function (other) { other.setAttribute('aria-expanded', 'false'); });
    link.setAttribute('aria-expanded', 'true');
    document.querySelectorAll('tr[aria-selected]').forEach(function (row) { row.removeAttribute('aria-selected'); });
    var row = link.closest('tr');
    if (row) row.setAttribute('aria-selected', 'true');
  });
  document.addEventListener('htmx:afterSettle', function (event) {
    ready(event.target);
    drawerState();
    var drawer = event.target.id === 'drawer' && event.target.querySelector('.zh-drawer');
    if (drawer) {
      var wanted = drawer.querySelector('[data-wanted]');
      drawer.focus();
      if (window.innerWidth < 768) (wanted || drawer).scrollIntoView();
      else drawer.scrollTop = wanted ? wanted.getBoundingClientRect().top - drawer.getBoundingClientRect().top - 150 : 0;
    }
  });

  document.addEventListener('DOMContentLoaded', function () { ready(document); drawerState(); });
  if (document.readyState !== 'loading') { ready(document); drawerState(); }
})();
