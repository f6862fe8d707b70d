/* Draws every [data-chart] from the option in its script element; "@accent" stands for the value of --zh-accent. */
(function () {
  'use strict';
  var root = document.documentElement;
  var css = function (name) { return getComputedStyle(root).getPropertyValue('--zh-' + name).trim(); };
  var coloured = function (value) {
    if (typeof value === 'string') return value.charAt(0) === '@' ? css(value.slice(1)) : value;
    if (Array.isArray(value)) return value.map(coloured);
    if (value && typeof value === 'object') {
      var copy = {};
      Object.keys(value).forEach(function (key) { copy[key] = coloured(value[key]); });
      return copy;
    }
    return value;
  };
  var theme = function () {
    var axis = { axisLine: { lineStyle: { color: css('line-2') } }, axisTick: { show: false }, axisLabel: { color: css('text-2'), fontSize: 12 },
      splitLine: { lineStyle: { color: css('line') } }, nameTextStyle: { color: css('text-3'), fontSize: 12 } };
    return {
      color: [1, 2, 3, 4, 5, 6].map(function (n) { return css('cat-' + n); }),
      backgroundColor: 'transparent',
      textStyle: { fontFamily: css('font'), color: css('text'), fontSize: 12 },
      categoryAxis: axis, valueAxis: axis, timeAxis: axis,
      legend: { textStyle: { color: css('text-2') }, itemWidth: 12, itemHeight: 8 },
      tooltip: { backgroundColor: css('raised'), borderColor: css('line-2'), borderWidth: 1, textStyle: { color: css('text'), fontSize: 13 }, renderMode: 'richText' },
      line: { symbol: 'circle', symbolSize: 7, lineStyle: { width: 2 } },
      bar: { itemStyle: { borderRadius: [2, 2, 0, 0] }, barMaxWidth: 28 },
      boxplot: { itemStyle: { color: css('peer-soft'), borderColor: css('peer'), borderWidth: 1 } },
      animation: false, aria: { enabled: true }
    };
  };
  var draw = function (place) {
    var source = document.getElementById(place.getAttribute('data-chart'));
    if (!source || !window.echarts) return;
    var old = window.echarts.getInstanceByDom(place);
    if (old) old.dispose();
    window.echarts.registerTheme('zhiheng', theme());
    var chart = window.echarts.init(place, 'zhiheng', { renderer: 'svg' });
    chart.setOption(Object.assign({ animation: false, aria: { enabled: true, label: { description: place.getAttribute('aria-label') } } }, coloured(JSON.parse(source.textContent))));
    place.setAttribute('data-drawn', '');
  };
  var all = function (scope) { scope.querySelectorAll('[data-chart]').forEach(draw); };
  document.addEventListener('zh:theme', function () { all(document); });
  document.addEventListener('htmx:afterSettle', function (event) { all(event.target); });
  window.addEventListener('resize', function () {
    document.querySelectorAll('[data-chart]').forEach(function (place) {
      var chart = window.echarts && window.echarts.getInstanceByDom(place);
      if (chart) chart.resize();
    });
  });
  all(document);
})();
