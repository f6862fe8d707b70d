/* Counts what is chosen while one votes. A comfort: the server checks everything, and nothing is kept on the phone. */
(function () {
  'use strict';
  var top = document.querySelector('[data-progress]');
  var form = document.querySelector('form');
  if (!top || !form) return;
  var lines = form.querySelectorAll('li');
  var fill = function (text, a, b) { return text.replace('#', a).replace('*', b); };
  var count = function () {
    var chosen = form.querySelectorAll('input[type=radio]:checked');
    var status = top.querySelector('[data-done]');
    var done = chosen.length, all = lines.length;
    status.textContent = done === all ? status.dataset.full : fill(status.dataset.done, done, all - done);
    top.querySelector('[data-figure]').textContent = done + '/' + all;
    top.querySelector('[data-fill]').setAttribute('width', (100 * done / all) + '%');
    top.querySelectorAll('[data-quota]').forEach(function (line) {
      var most = Number(line.dataset.most), given = 0;
      chosen.forEach(function (input) { if (input.value === line.dataset.quota) given += 1; });
      var text = line.querySelector('[data-left]');
      line.classList.toggle('is-over', given > most);
      text.textContent = given > most ? fill(text.dataset.over, given, given - most) : fill(text.dataset.left, given, most - given);
    });
  };
  form.addEventListener('change', function (event) {
    var line = event.target.closest('li');
    var error = line && line.querySelector('.zh-err');
    if (error) { error.remove(); line.classList.remove('is-missing'); line.querySelector('fieldset').removeAttribute('aria-describedby'); }
    count();
  });
  top.querySelectorAll('[data-live]').forEach(function (part) { part.removeAttribute('hidden'); });
  count();
  window.addEventListener('pageshow', count);
})();
