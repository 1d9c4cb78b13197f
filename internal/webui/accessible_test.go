package webui

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/accessibility"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/go-chi/chi/v5"

	"isac/hub"
	"isac/internal/locale"
	"isac/web"
)

// Chrome opens a browser. Where none is installed the test is skipped, unless
// ISAC_BROWSER is "required".
func Chrome(t *testing.T, most time.Duration) context.Context {
	t.Helper()
	path := os.Getenv("CHROME")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); path == "" && err == nil {
			path = found
		}
	}
	if path == "" {
		if os.Getenv("ISAC_BROWSER") == "required" {
			t.Fatal("no browser: install Debian's package chromium")
		}
		t.Skip("no browser is installed (Debian's package chromium)")
	}
	options := append(
		chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.Flag("accept-lang", "en"),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
	)
	ctx, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	ctx, cancel = chromedp.NewContext(ctx)
	t.Cleanup(cancel)
	ctx, cancel = context.WithTimeout(ctx, most)
	t.Cleanup(cancel)
	return ctx
}

// audit returns what is wrong with the page that is open, as the browser has laid it out.
const audit = `(() => {
  const wrong = [], seen = e => e.checkVisibility({visibilityProperty: true, contentVisibilityAuto: true}) && e.getClientRects().length > 0;
  const say = (what, e) => wrong.push(what + (e ? ": " + e.outerHTML.slice(0, 120) : ""));
  if (!document.documentElement.lang) say("no language");
  if (!document.title.trim()) say("no title");
  for (const [tag, least] of [["main", 1], ["body > header", 1], ["body > footer", 1], ["nav", 1]])
    if (document.querySelectorAll(tag).length < least) say("no " + tag);
  if (document.querySelectorAll("main").length > 1) say("more than one main");
  for (const e of document.querySelectorAll("nav")) if (!e.getAttribute("aria-label")) say("a nav without a name", e);
  for (const e of document.body.children)
    if (!["HEADER", "MAIN", "FOOTER", "SCRIPT"].includes(e.tagName) && !e.matches(".skip, [hidden]")) say("outside of all landmarks", e);
  let level = 0;
  for (const e of document.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    if (!seen(e)) continue;
    const n = +e.tagName[1];
    if (n > level + 1) say("a heading leaves a level out", e);
    level = n;
  }
  const light = c => { const f = c.map(v => v / 255).map(v => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
  const parts = s => (s.match(/[\d.]+/g) || []).map(Number);
  const ground = e => { for (; e; e = e.parentElement) { const c = parts(getComputedStyle(e).backgroundColor); if (c.length == 3 || c[3] > 0) return c; } return parts(getComputedStyle(document.body).backgroundColor); };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const done = new Set();
  while (texts.nextNode()) {
    const e = texts.currentNode.parentElement;
    if (!texts.currentNode.data.trim() || done.has(e) || e.closest("svg, script, :disabled, option") || e.matches(".skip") || !seen(e)) continue;
    done.add(e);
    const s = getComputedStyle(e), a = light(parts(s.color)), b = light(ground(e));
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05), size = parseFloat(s.fontSize);
    if (ratio < (size >= 24 || size >= 18.66 && +s.fontWeight >= 700 ? 3 : 4.5)) say("a contrast of " + ratio.toFixed(1), e);
  }
  const stops = [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex]")].filter(e => !e.disabled && e.tabIndex >= 0 && seen(e));
  if (!stops.length || !stops[0].matches(".skip[href='#main']")) say("the first stop isn't the way to the content", stops[0]);
  for (const e of stops) {
    if (e.tabIndex > 0) say("a stop out of order", e);
    e.focus({focusVisible: true});
    const s = getComputedStyle(e);
    if (document.activeElement == e && (s.outlineStyle == "none" || parseFloat(s.outlineWidth) < 2)) say("the focus can't be seen", e);
  }
  document.activeElement.blur();
  return wrong;
})()`

const sideways = `(() => {
  const by = document.scrollingElement.scrollWidth - innerWidth;
  if (by <= 0) return "";
  const far = [...document.querySelectorAll("body *")].filter(e => e.getBoundingClientRect().right > innerWidth + .5 && !e.closest(".scroll") && !e.matches(".skip"));
  return by + " pixels: " + (far.length ? far[far.length - 1].outerHTML.slice(0, 160) : "");
})()`

// named are the roles of what people act on, or that stand for something.
var named = map[string]bool{"button": true, "link": true, "textbox": true, "searchbox": true, "checkbox": true, "radio": true, "combobox": true, "listbox": true, "spinbutton": true, "image": true, "DisclosureTriangle": true, "navigation": true, "Date": true}

// nameless returns what a screen reader would have no name for.
func nameless(ctx context.Context) ([]string, error) {
	var out []string
	err := chromedp.Run(ctx, chromedp.ActionFunc(func(ctx context.Context) error {
		nodes, err := accessibility.GetFullAXTree().Do(ctx)
		for _, n := range nodes {
			if n.Ignored || n.Role == nil {
				continue
			}
			role := strings.Trim(string(n.Role.Value), `"`)
			if named[role] && (n.Name == nil || strings.Trim(string(n.Name.Value), `" `) == "") {
				out = append(out, fmt.Sprintf("a %s without a name (node %d)", role, n.BackendDOMNodeID))
			}
		}
		return err
	}))
	return out, err
}

// Every page, filled, in both languages, in light and dark, on a phone of 320 pixels and
// at a zoom of 200 %: names, landmarks, order of headings, contrast, a focus that is
// seen and in order, and no scrolling to the side.
func TestEveryPageIsAccessible(t *testing.T) {
	ctx := Chrome(t, 8*time.Minute)
	all, err := parse(web.Pages)
	if err != nil {
		t.Fatal(err)
	}
	var list []page
	var langs []string
	for _, lang := range locale.Languages {
		list = append(list, filled(Frame{Lang: lang, Path: "/alerts?x=1", Hub: "A & B", Me: &hub.Person{ID: "p", Roles: hub.Roles()}, Exercise: true})...)
		list = append(list, homePage{Frame: Frame{Lang: lang, Path: "/", Hub: "A & B"}})
		for len(langs) < len(list) {
			langs = append(langs, lang)
		}
	}
	r := chi.NewRouter()
	r.Use(headers)
	r.Get("/static/*", static(web.Static))
	r.Get("/page/{n}", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.Atoi(chi.URLParam(r, "n"))
		if err == nil {
			err = all.write(w, langs[n], http.StatusOK, list[n])
		}
		if err != nil {
			t.Error(err)
		}
	})
	server := httptest.NewServer(r)
	defer server.Close()
	for n, p := range list {
		at := fmt.Sprintf("%s (%s)", p.template(), langs[n])
		address := fmt.Sprintf("%s/page/%d", server.URL, n)
		for _, scheme := range []string{"light", "dark"} {
			var wrong []string
			err := chromedp.Run(
				ctx, emulation.SetFocusEmulationEnabled(true), emulation.SetDeviceMetricsOverride(1280, 900, 1, false),
				emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}),
				chromedp.Navigate(address), chromedp.Evaluate(audit, &wrong),
			)
			if err != nil {
				t.Fatal(err)
			}
			for _, w := range wrong {
				t.Errorf("%s, %s: %s", at, scheme, w)
			}
		}
		without, err := nameless(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range without {
			t.Errorf("%s: %s", at, w)
		}
		for _, wide := range []int64{320, 640} { // 640 is a screen of 1280 at 200 %
			var over string
			err := chromedp.Run(ctx, emulation.SetDeviceMetricsOverride(wide, 800, 2, false), chromedp.Evaluate(sideways, &over))
			if err != nil {
				t.Fatal(err)
			}
			if over != "" {
				t.Errorf("%s at %d pixels scrolls to the side by %s", at, wide, over)
			}
		}
	}
}
