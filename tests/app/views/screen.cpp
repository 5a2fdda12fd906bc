#include "tests/app/views/screen.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <random>

#include "core/base/error.h"
#include "core/model/model.h"
#include "core/model/worksheet.h"
#include "core/run/backend.h"

namespace heed::app::test {

namespace {

constexpr float kGrace_px = 0.51F;  // rounding to whole pixels

std::string number_rows(int rows, int columns, unsigned seed) {
    std::mt19937 random(seed);
    std::string text = "[";
    for (int r = 0; r < rows; ++r) {
        text += r > 0 ? ", [" : "[";
        for (int c = 0; c < columns; ++c) {
            const double value = (static_cast<double>(random() % 4001) - 2000) / 1000;
            text += (c > 0 ? ", " : "") + std::to_string(value);
        }
        text += "]";
    }
    return text + "]";
}

}  // namespace

Picture MemoryPictures::get(std::string_view id, std::uint64_t version, int width, int height,
                            const Paint& paint) {
    Painted& entry = pictures[std::string(id)];
    REQUIRE(width >= 1);
    REQUIRE(height >= 1);
    const bool fits = entry.width == width && entry.height == height && entry.version == version;
    if (!fits) {
        entry = {version, width, height, {}};
        entry.texels.resize(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
        paint(entry.texels);
        ++painted;
    }
    return {this, 1, 1, width, height, entry.texels};
}

std::optional<Picture> MemoryPictures::find(std::string_view id, std::uint64_t version, int width,
                                            int height) {
    const auto at = pictures.find(id);
    if (at == pictures.end()) return std::nullopt;
    const Painted& entry = at->second;
    if (entry.width != width || entry.height != height || entry.version != version) {
        return std::nullopt;
    }
    return Picture{this, 1, 1, width, height, entry.texels};
}

JobState InlineJobs::ask(std::string_view id, std::uint64_t version, const Work& work) {
    const auto at = done_.find(id);
    if (at != done_.end() && at->second.first == version) return at->second.second;
    JobState state;
    try {
        state = {work(CancelToken()), true, ""};
    } catch (const Error& error) {
        state.problem = error.what();
    }
    done_.insert_or_assign(std::string(id), std::pair{version, state});
    return state;
}

Screen::Screen(float width, float height, float scale)
    : width_(width), height_(height), scale_(scale), context_(ImGui::CreateContext()) {
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {width, height};
    io.DeltaTime = 0.02F;
    fonts_.build(scale);
}

Screen::~Screen() {
    ImGui::DestroyContext(context_);
}

ViewResult Screen::draw_frame(const Draw& draw, bool record) {
    now_s += 0.02;
    ImGui::NewFrame();
    begin_controls(controls_, false);
    items_.begin_frame(record);
    UiContext ui{theme_of(theme), fonts_, actions_, items_, pictures, hover_, jobs, controls_};
    ui.scale = scale_;
    const std::u32string written = std::exchange(typed, {});
    ui.typed = written;
    ui.now_s = now_s;
    ui.trace = trace;
    ui.atlas = atlas;
    ui.other_trace = other_trace;
    figures.clear();
    drawing.items.clear();
    if (record) ui.figures = &figures;
    if (record) ui.drawing = &drawing;
    ui.trace_number = trace_number;
    ImGui::SetNextWindowPos({0, 0});
    ImGui::SetNextWindowSize({width_, height_});
    ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {0, 0});
    ImGui::Begin("##screen", nullptr, ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove);
    ViewResult result = draw(ui);
    ImGui::End();
    end_controls(ui);
    ImGui::PopStyleVar();
    ImGui::Render();
    ImGui::GetIO().MouseWheel = 0;
    return result;
}

ViewResult Screen::frame(const Draw& draw) {
    return draw_frame(draw, true);
}

ViewResult Screen::quick_frame(const Draw& draw) {
    return draw_frame(draw, false);
}

double Screen::measure_ms(const Draw& draw, int frames) {
    double best_ms = std::numeric_limits<double>::infinity();
    for (int i = 0; i < frames; ++i) {
        const auto start = std::chrono::steady_clock::now();
        quick_frame(draw);
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - start;
        best_ms = std::min(best_ms, took.count());
    }
    return best_ms;
}

const Item& Screen::item(std::string_view id) const {
    const Item* found = items_.find(id);
    REQUIRE_MESSAGE(found != nullptr, "no item ", std::string(id),
                    "; nearest: ", std::string(items_.find_nearest(id)));
    return *found;
}

void Screen::hover(std::string_view id) {
    const Item& target = item(id);
    REQUIRE_MESSAGE(target.rect.has_value(), std::string(id), " is out of sight");
    const Point middle = target.rect->centre();
    ImGui::GetIO().MousePos = {middle.x, middle.y};
}

ViewResult Screen::click(const Draw& draw, std::string_view id, int button) {
    hover(id);
    ViewResult result = frame(draw);
    for (const bool is_down : {true, false}) {
        ImGui::GetIO().MouseDown[button] = is_down;
        result.add(frame(draw));
    }
    ImGui::GetIO().MousePos = {-1, -1};
    return result;
}

void Screen::wheel(float steps) {
    ImGui::GetIO().MouseWheel = steps;
}

std::vector<std::string> make_words(int count) {
    std::vector<std::string> words;
    for (int i = 0; i < count; ++i) words.push_back("word" + std::to_string(i));
    return words;
}

std::shared_ptr<const Trace> make_trace(const TraceRequest& request) {
    constexpr int kWidth = 8;
    std::string tokens;
    for (const std::string& word : request.words) {
        tokens += (tokens.empty() ? "\"" : ", \"") + word + "\"";
    }
    const int count = static_cast<int>(request.words.size());
    std::string text = R"({"name": "sheet", "tokens": [)" + tokens + R"(], "vectors": )" +
                       number_rows(count, kWidth, 7) + R"(, "residual": true, "heads": )" +
                       std::to_string(request.heads) + R"(, "causal": )" +
                       (request.is_causal ? "true" : "false");
    for (const char* name : {"w_q", "w_k", "w_v", "w_o"}) {
        text += std::string(", \"") + name +
                "\": " + number_rows(kWidth, kWidth, static_cast<unsigned>(name[2]));
    }
    const auto model =
        make_worksheet_model(parse_worksheet(text + "}", "sheet.json"), "sheet.json");
    PreparedInput prepared = model->prepare({});
    prepared.inputs.picture = request.picture;
    RunOptions options;
    if (request.is_lean) options.keep.budget_bytes = 0;
    return make_cpu_backend(1)
        ->prepare(prepared.graph, model->weights())
        ->run(prepared.inputs, options);
}

std::shared_ptr<const Trace> run_shipped(const std::string& text, const char* name) {
    const auto model = open_model(assets_folder() / "models" / name);
    ModelInput input;
    input.text = text;
    const PreparedInput prepared = model->prepare(input);
    return make_cpu_backend(1)->prepare(prepared.graph, model->weights())->run(prepared.inputs, {});
}

void check_items_inside(const Screen& screen, std::string_view prefix, const Rect& panel) {
    int seen = 0;
    for (const Item& item : screen.items().items()) {
        if (item.id.substr(0, prefix.size()) != prefix || !item.rect) continue;
        ++seen;
        CAPTURE(item.id);
        CHECK(item.rect->x >= panel.x - kGrace_px);
        CHECK(item.rect->y >= panel.y - kGrace_px);
        CHECK(item.rect->right() <= panel.right() + kGrace_px);
        CHECK(item.rect->bottom() <= panel.bottom() + kGrace_px);
    }
    CHECK(seen > 0);
}

void check_apart(const std::vector<std::pair<std::string, Rect>>& rects) {
    for (std::size_t i = 0; i < rects.size(); ++i) {
        for (std::size_t j = i + 1; j < rects.size(); ++j) {
            const Rect shared = intersect(rects[i].second, rects[j].second);
            CAPTURE(rects[i].first);
            CAPTURE(rects[j].first);
            CHECK((shared.w <= kGrace_px || shared.h <= kGrace_px));
        }
    }
}

}  // namespace heed::app::test
