#include <doctest/doctest.h>

#include <cmath>

#include "app/views/attention.h"
#include "app/views/sentence.h"
#include "tests/app/views/screen.h"

using namespace heed;
using namespace heed::app;
using namespace heed::app::test;

namespace {

struct Size {
    float width;
    float height;
    float scale;
};
// The middle of the shell at 1280x720 and 1600x1000, at both scales.
const std::vector<Size> kSizes{{662, 486, 1},   {936, 770, 1}, {1324, 972, 2},
                               {1872, 1540, 2}, {662, 486, 2}, {1170, 540, 3}};

std::vector<TokenLabel> label_words(const std::vector<std::string>& words) {
    std::vector<TokenLabel> labels;
    for (const std::string& word : words) {
        labels.emplace_back();
        labels.back().text = word;
    }
    return labels;
}

MatrixAxis axis_of(const std::vector<TokenLabel>& labels, AxisRole role) {
    return {"t", static_cast<int>(labels.size()), labels, role};
}

std::vector<std::vector<std::string>> sentences() {
    std::vector<std::vector<std::string>> all;
    for (const int count : {1, 2, 8, 11, 60, 300}) all.push_back(make_words(count));
    all.push_back({"a", std::string(200, 'm'), "b"});
    return all;
}

void check_inside(const Rect& inner, const Rect& outer) {
    CHECK(inner.x >= outer.x - 0.51F);
    CHECK(inner.y >= outer.y - 0.51F);
    CHECK(inner.right() <= outer.right() + 0.51F);
    CHECK(inner.bottom() <= outer.bottom() + 0.51F);
}

// Runs `test` within a frame, where texts can be measured.
template <class Test>
void in_frame(Screen& screen, Test test) {
    screen.frame([&](UiContext& ui) {
        test(ui, inset(screen.area(), ui.px(16)));
        return ViewResult{};
    });
}

void check_attention(const AttentionLayout& layout, const Rect& inside, float scale) {
    std::vector<std::pair<std::string, Rect>> parts{{"title", layout.title}};
    const auto add = [&parts](const std::string& name, const Rect& rect) {
        if (!rect.is_empty()) parts.emplace_back(name, rect);
    };
    add("subtitle", layout.subtitle);
    add("caption", layout.caption);
    add("badge", layout.badge);
    add("legend", layout.legend);
    add("queries", layout.line_queries);
    add("keys", layout.line_keys);
    for (std::size_t i = 0; i < layout.controls.size(); ++i) {
        if (i != static_cast<std::size_t>(AttentionControl::kHeads)) {
            add("control " + std::to_string(i), layout.controls[i]);
        }
    }
    for (const Rect& chip : layout.chips) add("chip", chip);
    if (layout.matrix.rows > 0) {
        add("rows", layout.matrix.row_band);
        add("columns", layout.matrix.column_band);
        add("window", layout.matrix.window);
        CHECK(layout.matrix.grid.w > 0);
        CHECK(layout.matrix.grid.h > 0);
    } else {
        CHECK(!layout.lines.is_empty());
    }
    check_apart(parts);
    for (const auto& part : parts) {
        CAPTURE(part.first);
        check_inside(part.second, inside);
    }
    CHECK(!layout.control(AttentionControl::kMenu).is_empty());
    const bool is_tall = inside.h >= 210 * scale;
    CHECK(layout.caption.is_empty() != is_tall);
    CHECK(layout.legend.is_empty() != (is_tall && layout.matrix.rows > 0));
}

}  // namespace

TEST_SUITE_BEGIN("app/views/layout");

TEST_CASE("the parts of the attention view lie apart and within their card") {
    for (const Size& size : kSizes) {
        Screen screen(size.width, size.height, size.scale);
        for (const auto& words : sentences()) {
            for (const AttentionParts shown :
                 {AttentionParts::kBoth, AttentionParts::kHeat, AttentionParts::kLines}) {
                CAPTURE(size.width);
                CAPTURE(size.scale);
                CAPTURE(words.size());
                CAPTURE(static_cast<int>(shown));
                const std::vector<TokenLabel> labels = label_words(words);
                in_frame(screen, [&](UiContext& ui, const Rect& inside) {
                    const MatrixAxis queries = axis_of(labels, AxisRole::kQuery);
                    const MatrixAxis keys = axis_of(labels, AxisRole::kKey);
                    AttentionRequest request{inside, queries, keys};
                    request.parts = shown;
                    request.has_badge = words.size() % 2 == 0;
                    request.has_only = request.has_badge;
                    request.chips = words.size() == 8 ? 12 : 0;
                    request.title = "Layer 11 \u00b7 mean of heads 0, 2, 4, 10";
                    check_attention(layout_attention(ui, request), inside, size.scale);
                });
            }
        }
    }
}

TEST_CASE("every cell in sight is found again under the mouse") {
    Screen screen(936, 770, 1);
    for (const auto& words : sentences()) {
        CAPTURE(words.size());
        const std::vector<TokenLabel> labels = label_words(words);
        in_frame(screen, [&](UiContext& ui, const Rect& inside) {
            const MatrixAxis axis = axis_of(labels, AxisRole::kQuery);
            const MatrixLayout layout = layout_matrix(ui, inside, axis, axis, {}, ".00");
            const Point origin{layout.grid.x, layout.grid.y};
            for (int r = 0; r < layout.rows; ++r) {
                for (int c = 0; c < layout.columns; ++c) {
                    const Point middle = layout.cell(origin, r, c).centre();
                    if (!layout.grid.contains(middle)) continue;
                    CHECK(cell_under(layout, origin, middle) == CellIndex{r, c});
                }
            }
            CHECK(!cell_under(layout, origin, {layout.grid.x - 1, layout.grid.y}));
            CHECK(!cell_under(layout, origin, {layout.grid.right(), layout.grid.y}));
        });
    }
}

TEST_CASE("a turned label belongs to its column") {
    Screen screen(936, 770, 1);
    const std::vector<TokenLabel> labels = label_words(make_words(8));
    in_frame(screen, [&](UiContext& ui, const Rect& inside) {
        const MatrixAxis axis = axis_of(labels, AxisRole::kKey);
        const MatrixLayout layout = layout_matrix(ui, inside, axis, axis, {}, ".00");
        const Point origin{layout.grid.x, layout.grid.y};
        REQUIRE(layout.label_angle < 0);
        for (int c = 0; c < 8; ++c) {
            const float along = 20;
            const Rect cell = layout.cell(origin, 0, c);
            const Point on_label{cell.centre().x + along * std::cos(layout.label_angle),
                                 layout.grid.y + along * std::sin(layout.label_angle)};
            CHECK(column_label_under(layout, origin, on_label) == c);
        }
    });
}

TEST_CASE("chips stand in one row without touching") {
    Screen screen(900, 40, 1);
    for (const auto& words : sentences()) {
        const std::vector<TokenLabel> labels = label_words(words);
        in_frame(screen, [&](UiContext& ui, const Rect& inside) {
            const SentenceLayout layout = layout_sentence(ui, inside, labels);
            REQUIRE(layout.chips.size() == labels.size());
            for (std::size_t i = 1; i < layout.chips.size(); ++i) {
                CHECK(layout.chips[i].x > layout.chips[i - 1].right());
            }
            CHECK(layout.chips.back().right() ==
                  doctest::Approx(static_cast<double>(layout.content_w)));
            CHECK(layout.most_scroll == std::max(0.0F, layout.content_w - inside.w));
        });
    }
}

TEST_SUITE_END();
