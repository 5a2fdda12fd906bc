#include "tests/app/monkey/monkey.h"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <sstream>
#include <utility>

#include "core/base/error.h"
#include "core/model/model.h"

namespace heed::app {

namespace {

// What ends the program, or leaves the machine, is not for monkeys.
const std::vector<std::string> kForbidden{"quit"};
const std::vector<std::string> kScraps{"a",
                                       "dog",
                                       "the cat sat on the mat",
                                       "Bark is very cute",
                                       " ",
                                       "\u00e9\u00fc",
                                       "\u72ac\u304c\u597d\u304d",
                                       "\U0001F600\U0001F468\u200D\U0001F469",
                                       "\u0645\u0631\u062d\u0628\u0627",
                                       "!?.,;",
                                       "e\u0301\u0302\u0303",
                                       "\t",
                                       "[MASK]",
                                       "0123456789",
                                       "\u202Eabc",
                                       "\uFFFD",
                                       "##s",
                                       "-"};
const std::vector<std::string> kKeys{"Left",      "Right",      "Up",         "Down",
                                     "Home",      "End",        "PageUp",     "PageDown",
                                     "Tab",       "Shift+Tab",  "Enter",      "Space",
                                     "Esc",       "Backspace",  "Delete",     "[",
                                     "]",         "F1",         "F5",         "Ctrl+A",
                                     "Ctrl+C",    "Ctrl+X",     "Ctrl+V",     "Ctrl+Z",
                                     "Ctrl+Y",    "Ctrl+K",     "Ctrl+L",     "Ctrl+B",
                                     "Ctrl+R",    "Ctrl+J",     "Ctrl+M",     "Ctrl+1",
                                     "Ctrl+2",    "Ctrl+3",     "Ctrl+4",     "Ctrl+5",
                                     "Ctrl+6",    "Ctrl+7",     "Ctrl++",     "Ctrl+-",
                                     "Ctrl+0",    "Alt+Left",   "Ctrl+T",     "Ctrl+Shift+Z",
                                     "Ctrl+Left", "Ctrl+Right", "Shift+Left", "Shift+End",
                                     "a",         "1",          "Shift+F10"};

std::vector<std::string> split(const std::string& text, char at) {
    std::vector<std::string> parts;
    std::istringstream stream(text);
    for (std::string part; std::getline(stream, part, at);) {
        if (!part.empty()) parts.push_back(part);
    }
    return parts;
}

// " (x, y, w x h)"
std::string place(const Rect& rect) {
    std::ostringstream text;
    text << " (" << rect.x << ", " << rect.y << ", " << rect.w << " x " << rect.h << ")";
    return text.str();
}

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const std::string& word : words) text += " \"" + word.substr(0, 60) + "\"";
    return text;
}

}  // namespace

Monkey::Monkey(MonkeyOptions options) : options_(std::move(options)), random_(options_.seed) {
    for (const FoundModel& model : find_models()) {
        // Large ones from elsewhere would make a machine's runs unlike another's.
        const bool is_shipped = model.origin == "shipped" || model.family == "worksheet";
        if (model.problem.empty() && is_shipped) models_.push_back(model.path.string());
    }
    models_.emplace_back("/nowhere");
    models_.emplace_back((options_.folder / "unreadable").string());
}

MonkeyReport Monkey::run() {
    constexpr std::pair<int, Step> kSteps[]{
        {22, &Monkey::run_action}, {14, &Monkey::set_an_option},    {14, &Monkey::press_key},
        {24, &Monkey::click_item}, {3, &Monkey::double_click_item}, {6, &Monkey::drag_item},
        {5, &Monkey::scroll_item}, {6, &Monkey::hover_item},        {8, &Monkey::type_text},
        {4, &Monkey::set_text},    {2, &Monkey::open_something},    {2, &Monkey::resize},
        {6, &Monkey::wait_or_not}, {5, &Monkey::undo_or_redo}};
    int all = 0;
    for (const auto& [weight, step] : kSteps) all += weight;
    const auto begin = std::chrono::steady_clock::now();
    const auto is_over = [&] {
        const std::chrono::duration<double> passed = std::chrono::steady_clock::now() - begin;
        return options_.seconds > 0 ? passed.count() >= options_.seconds
                                    : report_.steps >= options_.steps;
    };
    screen_.program().open_default_model();
    screen_.wait(60);
    while (!is_over() && report_.failure.empty()) {
        int at = below(all);
        const auto* chosen = std::begin(kSteps);
        while (at >= chosen->first) at -= (chosen++)->first;
        try {
            (this->*chosen->second)();
            report_.failure = find_fault();
        } catch (const std::exception& fault) {
            report_.failure = fault.what();
        }
        if (!report_.failure.empty()) report_.failure = current_ + ": " + report_.failure;
        ++report_.steps;
    }
    return report_;
}

void Monkey::announce(const std::string& what) {
    current_ = "seed " + std::to_string(options_.seed) + ", step " + std::to_string(report_.steps) +
               ": " + what;
    std::printf("%s\n", current_.c_str());
    std::fflush(stdout);
}

void Monkey::draw(bool record) {
    screen_.draw_frame(record);
    ++report_.frames;
    // What is noted for the dump is nobody's waiting time.
    if (record) return;
    const FrameCost cost = screen_.program().frame_cost();
    if (cost.cpu_ms <= report_.longest.cpu_ms) return;
    report_.longest = cost;
    report_.longest_step = current_;
}

std::string Monkey::find_fault() {
    draw();
    draw(true);
    for (const std::string& complaint : screen_.take_gl_errors()) return "OpenGL: " + complaint;
    const Document& document = screen_.program().document();
    if (document.trace() != nullptr) {
        const Graph& graph = document.trace()->graph();
        if (!(clamp_selection(graph, document.selection()) == document.selection())) {
            return "the selection is not of the trace";
        }
    }
    constexpr float kGrace_px = 0.6F;
    for (const Item& item : screen_.program().items().items()) {
        if (!item.rect) continue;
        const Rect& r = *item.rect;
        const bool is_inside = r.x >= -kGrace_px && r.y >= -kGrace_px &&
                               r.right() <= static_cast<float>(screen_.width()) + kGrace_px &&
                               r.bottom() <= static_cast<float>(screen_.height()) + kGrace_px;
        if (!is_inside) return "outside the picture: " + item.id + " " + item.text + place(r);
    }
    // Whoever walks by Tab sees where that led.
    const FocusState& focus = screen_.program().controls().focus;
    const bool has_ring = focus.shows_ring() && focus.ring().has_value();
    if (std::exchange(has_walked_, false) && has_ring && find_item("focus") == nullptr) {
        return "the focus is out of sight: " + focus.focused_id() + place(*focus.ring());
    }
    if (options_.checks_frames && report_.longest.cpu_ms > kLongestFrame_ms) {
        return "a frame took " + std::to_string(report_.longest.cpu_ms) + " ms";
    }
    return "";
}

const Item* Monkey::find_item(std::string_view id) {
    const std::vector<Item>& items = screen_.program().items().items();
    const auto at =
        std::find_if(items.begin(), items.end(), [id](const Item& item) { return item.id == id; });
    return at == items.end() || !at->rect ? nullptr : &*at;
}

std::string Monkey::random_text() {
    std::string text;
    const int scraps = below(6);
    for (int i = 0; i < scraps; ++i) text += one_of(kScraps) + (below(2) == 0 ? " " : "");
    if (below(30) == 0) text += std::string(200, 'x');
    if (below(40) == 0) {
        for (int i = 0; i < 60; ++i) text += " dog";
    }
    return text;
}

std::string Monkey::random_argument(const std::string& expected) {
    if (below(12) == 0) return random_text();
    if (expected.find('|') != std::string::npos) return one_of(split(expected, '|'));
    if (expected == "TEXT") return random_text();
    if (expected == "MODEL") return one_of(models_);
    if (expected == "VIEW")
        return std::string(
            one_of(std::vector<std::string_view>(kViewNames.begin(), kViewNames.end())));
    if (expected == "PANEL") {
        return one_of(std::vector<std::string>{"centre", "right-top", "right-bottom"});
    }
    if (expected == "FILE" || expected == "PATH") {
        return (options_.folder / ("file" + std::to_string(below(3)))).string();
    }
    return std::to_string(below(10) == 0 ? below(2000) - 1000 : below(12));
}

std::vector<std::string> Monkey::random_arguments(const std::string& expected) {
    std::vector<std::string> arguments;
    for (std::string word : split(expected, ' ')) {
        if (word.front() == '[') {
            if (below(2) == 0) continue;
            word = word.substr(1, word.size() - 2);
        }
        arguments.push_back(random_argument(word));
    }
    if (below(25) == 0) arguments.push_back(random_text());
    if (below(25) == 0 && !arguments.empty()) arguments.pop_back();
    return arguments;
}

// An Error is an answer like another; all else is a fault.
void Monkey::do_action(const std::string& name, const std::vector<std::string>& arguments) {
    try {
        screen_.program().actions().run(name, arguments);
    } catch (const Error& error) {
        if (std::string_view(error.what()).find('\n') != std::string_view::npos) throw;
    }
}

std::string Monkey::run_action() {
    const std::vector<Action>& all = screen_.program().actions().all();
    const Action& action = one_of(all);
    if (std::find(kForbidden.begin(), kForbidden.end(), action.name) != kForbidden.end()) return "";
    const std::string name = action.name;
    const std::vector<std::string> arguments = random_arguments(action.arguments);
    announce("do " + name + joined(arguments));
    do_action(name, arguments);
    draw();
    return name;
}

std::string Monkey::set_an_option() {
    const std::vector<OptionEntry> options =
        list_options([this](OptionVisitor& v) { screen_.program().visit_options(v); });
    const OptionEntry& option = one_of(options);
    std::string value = option.words.empty() ? random_argument("NUMBER") : one_of(option.words);
    if (option.words.empty() && below(2) == 0) value = "0." + std::to_string(below(1000));
    if (option.words.empty() && below(4) == 0) value = "1," + std::to_string(below(20));
    announce("set " + option.name + " " + value);
    do_action("set", {option.name, value});
    draw();
    return value;
}

std::string Monkey::press_key() {
    const std::string& key = one_of(kKeys);
    const int times = below(4) == 0 ? 5 : 1;
    announce("key " + key + (times > 1 ? " five times" : ""));
    has_walked_ = key == "Tab" || key == "Shift+Tab";
    for (int i = 0; i < times; ++i) {
        screen_.input.chord = *parse_key_chord(key);
        draw();
        screen_.input.chord = {};
        draw();
    }
    return key;
}

const Item* Monkey::random_item() {
    draw(true);
    std::vector<const Item*> seen;
    for (const Item& item : screen_.program().items().items()) {
        if (item.rect && !item.rect->is_empty()) seen.push_back(&item);
    }
    if (seen.empty()) return nullptr;
    // Cells are many; the rest is what can be pressed.
    for (int i = 0; i < 6; ++i) {
        const Item* item = one_of(seen);
        if (item->kind != "cell" && item->kind != "text") return item;
    }
    return one_of(seen);
}

void Monkey::press_mouse(bool right) {
    bool& button = right ? screen_.input.is_right_down : screen_.input.is_mouse_down;
    draw();
    button = true;
    draw();
    button = false;
    draw();
}

std::string Monkey::click_item() {
    const Item* item = random_item();
    if (item == nullptr) return "";
    const bool right = below(6) == 0;
    const bool shift = below(8) == 0;
    screen_.input.mouse = item->rect->centre();
    announce(std::string(right ? "right " : "") + (shift ? "shift " : "") + "click " + item->id);
    screen_.input.chord.shift = shift;
    press_mouse(right);
    screen_.input.chord = {};
    draw();
    return "";
}

std::string Monkey::double_click_item() {
    const Item* item = random_item();
    if (item == nullptr) return "";
    screen_.input.mouse = item->rect->centre();
    announce("double click " + item->id);
    press_mouse(false);
    press_mouse(false);
    return "";
}

std::string Monkey::drag_item() {
    const Item* item = random_item();
    if (item == nullptr) return "";
    screen_.input.mouse = item->rect->centre();
    const Point by{static_cast<float>(below(800) - 400), static_cast<float>(below(600) - 300)};
    announce("drag " + item->id + " " + std::to_string(static_cast<int>(by.x)) + " " +
             std::to_string(static_cast<int>(by.y)));
    draw();
    screen_.input.is_mouse_down = true;
    for (int i = 0; i < 4; ++i) {
        draw();
        screen_.input.mouse.x += by.x / 4;
        screen_.input.mouse.y += by.y / 4;
    }
    draw();
    screen_.input.is_mouse_down = false;
    draw();
    return "";
}

std::string Monkey::scroll_item() {
    const Item* item = random_item();
    if (item == nullptr) return "";
    screen_.input.mouse = item->rect->centre();
    announce("scroll " + item->id);
    draw();
    for (int i = 0; i < 3; ++i) {
        screen_.input.wheel = static_cast<float>(below(9) - 4);
        draw();
    }
    return "";
}

std::string Monkey::hover_item() {
    const Item* item = random_item();
    if (item == nullptr) return "";
    screen_.input.mouse = item->rect->centre();
    announce("hover " + item->id);
    draw();
    screen_.pass_time(0.5);
    draw();
    return "";
}

std::string Monkey::type_text() {
    const std::string text = random_text();
    announce("type \"" + text.substr(0, 80) + "\"");
    if (below(2) == 0) do_action("edit-text", {});
    draw();
    screen_.input.typed = text;
    draw();
    draw();
    return text;
}

std::string Monkey::set_text() {
    const std::string text = random_text();
    const std::string action = one_of(std::vector<std::string>{"text", "text", "pair", "other"});
    announce(action + " \"" + text.substr(0, 80) + "\"");
    do_action(action, {text});
    draw();
    return text;
}

std::string Monkey::open_something() {
    const std::string& model = one_of(models_);
    announce("open " + model);
    do_action("open", {model});
    draw();
    return model;
}

std::string Monkey::resize() {
    struct Size {
        int width;
        int height;
        float scale;
    };
    const Size size = one_of(std::vector<Size>{{1280, 720, 1},
                                               {1600, 1000, 1},
                                               {1600, 1000, 2},
                                               {800, 500, 1},
                                               {1280, 720, 3},
                                               {1920, 1080, 1.5F}});
    announce("size " + std::to_string(size.width) + "x" + std::to_string(size.height) + " " +
             std::to_string(size.scale));
    screen_.resize(size.width, size.height, size.scale);
    draw();
    return "";
}

std::string Monkey::wait_or_not() {
    const int kind = below(3);
    announce(kind == 0 ? "two seconds pass" : "wait");
    if (kind == 0) {
        screen_.pass_time(2);
        draw();
    } else {
        screen_.wait(60);
    }
    return "";
}

std::string Monkey::undo_or_redo() {
    const bool undoes = below(3) > 0;
    const int times = 1 + below(6);
    announce((undoes ? "undo " : "redo ") + std::to_string(times));
    for (int i = 0; i < times; ++i) {
        do_action(undoes ? "undo" : "redo", {});
        draw();
    }
    return "";
}

}  // namespace heed::app
