#include "app/views/heads.h"

#include <doctest/doctest.h>
#include <imgui.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <set>

#include "core/analysis/pattern_context.h"
#include "core/base/error.h"
#include "tests/app/views/screen.h"

using namespace heed;
using namespace heed::app;
using namespace heed::app::test;

namespace {

const std::string kPattern = "blocks.0.attn.pattern";

struct Scene {
    explicit Scene(const TraceRequest& request, float width = 936, float height = 738,
                   float scale = 1)
        : screen(width, height, scale),
          trace(make_trace(request)),
          selection(default_selection(trace->graph())) {
        screen.trace = trace;
    }
    Screen::Draw draw() {
        return [this](UiContext& ui) {
            return draw_heads_view(*trace, selection, screen.area(), state, ui);
        };
    }
    double weight(int h, int t, int s) const {
        return static_cast<double>(trace->value(trace->graph().find(kPattern).value(), {h, t, s}));
    }

    Screen screen;
    std::shared_ptr<const Trace> trace;
    Selection selection;
    HeadsViewState state;
};

// A list of layers x heads, with metrics that count up or down.
struct Table {
    HeadList list;
    HeadsData data;
};

Table make_table(int layers, int heads) {
    Table table;
    table.list.most_heads = heads;
    table.list.words = {"self"};
    for (int layer = 0; layer < layers; ++layer) {
        table.list.layers.push_back(layer);
        table.list.parts.push_back(0);
        table.list.sites.push_back(layer);
        for (int head = 0; head < heads; ++head) table.list.heads.push_back({layer, head});
    }
    table.data.list = table.list;
    table.data.keys = 8;
    for (std::size_t i = 0; i < table.list.heads.size(); ++i) {
        HeadMetrics metrics;
        metrics[HeadMetric::kEntropy] = static_cast<double>(i * 7 % 5);
        if (i % 4 != 0) metrics[HeadMetric::kPrevious] = 0.6 + 0.01 * static_cast<double>(i % 3);
        table.data.metrics.push_back(metrics);
    }
    return table;
}

int option_of(HeadMetric metric) {
    return static_cast<int>(metric) + 1;
}

}  // namespace

TEST_SUITE_BEGIN("app/heads");

TEST_CASE("a pooled texel is the largest of its cells, and what no query may see is blocked") {
    Scene scene({make_words(7), 2, true});
    const AttentionSite& site = scene.trace->graph().attentions().front();
    const HeadPattern pattern = read_head(*scene.trace, site, 1, nullptr, 0, 7);
    float texels[9];
    pool_pattern(pattern.view(), true, 3, 3, texels, 3);
    const int begin[] = {0, 2, 4, 7};
    for (int y = 0; y < 3; ++y) {
        for (int x = 0; x < 3; ++x) {
            double want = -std::numeric_limits<double>::infinity();
            for (int t = begin[y]; t < begin[y + 1]; ++t) {
                for (int s = begin[x]; s < begin[x + 1]; ++s) {
                    if (s <= t) want = std::max(want, scene.weight(1, t, s));
                }
            }
            CHECK(static_cast<double>(texels[y * 3 + x]) == want);
        }
    }
}

TEST_CASE("the sheet holds every head in its own place") {
    Scene scene({make_words(5), 4, false});
    const HeadsSheet sheet =
        make_heads_sheet(*scene.trace, PatternKind::kWeights, 64, CancelToken());
    CHECK(sheet.pooled == 1);
    REQUIRE(sheet.columns() == 20);
    REQUIRE(sheet.rows() == 5);
    for (int h = 0; h < 4; ++h) {
        for (int t = 0; t < 5; ++t) {
            for (int s = 0; s < 5; ++s) {
                CHECK(static_cast<double>(
                          sheet.texels[static_cast<std::size_t>(t * 20 + h * 5 + s)]) ==
                      scene.weight(h, t, s));
            }
        }
    }
    const HeadsSheet small =
        make_heads_sheet(*scene.trace, PatternKind::kWeights, 2, CancelToken());
    CHECK(small.pooled == 3);
    CHECK(small.width == 2);
}

TEST_CASE("weights times lengths of values are what the other analysis says") {
    Scene scene({make_words(6), 2, true});
    const AttentionSite& site = scene.trace->graph().attentions().front();
    const auto lengths =
        find_lengths(*scene.trace, site, PatternKind::kNormWeighted, CancelToken());
    const auto want =
        compute_pattern(*scene.trace, site, {PatternKind::kNormWeighted, HeadChoice::kOne, {1}});
    const HeadPattern got = read_head(*scene.trace, site, 1, &*lengths, 0, 6);
    for (int t = 0; t < 6; ++t) {
        for (int s = 0; s < 6; ++s) {
            CHECK(static_cast<double>(got.view().row(t)[s]) ==
                  doctest::Approx(static_cast<double>(want.values.at(t, s))));
        }
    }
}

TEST_CASE("the facts and the table are the metrics of the trace's own pattern") {
    Scene scene({make_words(7), 2, true});
    scene.selection.head = 1;
    scene.selection = ask_pattern(scene.trace->graph(), scene.selection);
    scene.state.options.colour = option_of(HeadMetric::kPrevious);
    scene.screen.frame(scene.draw());
    double previous = 0;
    for (int t = 1; t < 7; ++t) previous += scene.weight(1, t, t - 1) / 6;
    CHECK(scene.screen.item("view/heads/head[0,1]").value.value() ==
          doctest::Approx(previous).epsilon(1e-6));
    CHECK(scene.screen.item("view/heads/metric/previous").value.value() ==
          doctest::Approx(previous).epsilon(1e-6));
    CHECK(scene.screen.item("view/heads/metric/next").text == "not available");
    CHECK(scene.screen.item("view/heads/preview/cell[4,2]").value == scene.weight(1, 4, 2));
    REQUIRE(!scene.screen.figures.empty());
    const NumberTable table = scene.screen.figures.front().numbers();
    CHECK(scene.screen.figures.front().id == "view/heads/grid");
    CHECK(table.row_labels.size() == 1);
    REQUIRE(table.values.size() == 2);
    CHECK(static_cast<double>(table.values[1]) == doctest::Approx(previous).epsilon(1e-6));
}

TEST_CASE("a click on a thumbnail chooses its head, small or large, in any order") {
    for (const float width : {392.0F, 936.0F}) {
        for (const int groups : {0, 2}) {
            Scene scene({make_words(5), 4}, width, width * 0.8F);
            scene.state.options.groups = groups;
            scene.state.options.sort = option_of(HeadMetric::kEntropy);
            scene.screen.frame(scene.draw());
            check_items_inside(scene.screen, "view/heads", scene.screen.area());
            const ViewResult result = scene.screen.click(scene.draw(), "view/heads/head[0,2]");
            REQUIRE(result.selection.has_value());
            CHECK(result.selection->head == 2);
            CHECK(result.selection->cell[0] == 2);
        }
    }
}

TEST_CASE("a press on a metric shows it at every head") {
    Scene scene({make_words(5), 4});
    scene.screen.frame(scene.draw());
    const ViewResult result = scene.screen.click(scene.draw(), "view/heads/metric/confidence");
    REQUIRE(result.commands.size() == 1);
    CHECK(result.commands[0].arguments == std::vector<std::string>{"heads.colour", "confidence"});
}

TEST_CASE("a head under the mouse is told of, with its picture, after a while") {
    Scene scene({make_words(5), 4}, 392, 316);
    scene.screen.frame(scene.draw());
    scene.screen.hover("view/heads/head[0,3]");
    scene.screen.frame(scene.draw());
    CHECK(scene.screen.item("view/heads/facts").text.substr(0, 3) == "0.3");
    CHECK(scene.screen.items().find("tooltip") == nullptr);
    scene.screen.now_s += 1;
    scene.screen.frame(scene.draw());
    const std::string text = scene.screen.item("tooltip").text;
    CHECK(text.find("head 3") != std::string::npos);
    CHECK(text.find("confidence 0.") != std::string::npos);
    CHECK(scene.screen.pictures.pictures.count("view/heads/tip") == 1);
}

TEST_CASE("sorted heads have the largest value first, those without one last") {
    const Table table = make_table(3, 4);
    HeadsOptions options;
    options.sort = option_of(HeadMetric::kPrevious);
    const HeadsArrangement sorted = arrange_heads(table.list, options, &table.data, nullptr);
    CHECK(!sorted.is_grid);
    double before = 2;
    for (std::size_t i = 0; i < 12; ++i) {
        const auto& value =
            table.data.metrics[static_cast<std::size_t>(sorted.order[i])][HeadMetric::kPrevious];
        CHECK(value.has_value() == (i < 9));
        if (value) CHECK(*value <= before);
        if (value) before = *value;
    }
    CHECK(arrange_heads(table.list, {}, &table.data, nullptr).is_grid);
    CHECK(arrange_heads(table.list, options, nullptr, nullptr).is_grid);
}

TEST_CASE("groups hold every head once, and say of themselves what the numbers bear") {
    const Table table = make_table(2, 3);
    HeadsClusters clusters;
    Distances distances(6);
    for (int a = 0; a < 6; ++a) {
        for (int b = a + 1; b < 6; ++b) {
            distances.set(a, b, a % 2 == b % 2 ? 0.1F + 0.01F * static_cast<float>(a) : 0.9F);
        }
    }
    clusters.list = table.list;
    clusters.tree = link_average(distances);
    clusters.order = order_leaves(clusters.tree, distances);
    HeadsOptions options;
    options.groups = 2;
    const HeadsArrangement grouped = arrange_heads(table.list, options, &table.data, &clusters);
    REQUIRE(grouped.groups.size() == 2);
    std::set<int> seen;
    for (const HeadsGroup& group : grouped.groups) {
        double sum = 0;
        int count = 0;
        for (int i = group.begin; i < group.end; ++i) {
            const int head = grouped.order[static_cast<std::size_t>(i)];
            CHECK(head % 2 == grouped.order[static_cast<std::size_t>(group.begin)] % 2);
            seen.insert(head);
            const auto& value =
                table.data.metrics[static_cast<std::size_t>(head)][HeadMetric::kPrevious];
            if (value) sum += *value;
            if (value) ++count;
        }
        char text[80];
        std::snprintf(text, sizeof text, ": 3 heads, mostly token before %.2f", sum / count);
        CHECK(group.caption.substr(7) == text);
    }
    CHECK(seen.size() == 6);
}

TEST_CASE("what is spread is not said to be mostly anything") {
    Table table = make_table(1, 1);
    table.data.metrics[0][HeadMetric::kPrevious] = 0.2;
    table.data.metrics[0][HeadMetric::kFirst] = 0.3;
    CHECK(describe_heads(table.data, {0}) == "entropy 0.00 bits, most: first token 0.30");
}

TEST_CASE("arrows walk the order that is seen") {
    HeadsArrangement grid;
    for (int i = 0; i < 6; ++i) grid.order.push_back(5 - i);
    CHECK(step_in_order(grid, 3, 5, 1, 0) == 4);
    CHECK(step_in_order(grid, 3, 5, 0, 1) == 2);
    CHECK(step_in_order(grid, 3, 5, -1, 0) == 5);
    CHECK(step_in_order(grid, 3, 0, 0, 1) == 0);
    grid.groups = {{0, 2, 0, ""}, {2, 6, 0, ""}};
    CHECK(step_in_order(grid, 3, 4, 0, 1) == 2);  // the second of the next group
    CHECK(step_in_order(grid, 3, 0, 0, -1) == 3);
    CHECK(step_in_order(grid, 3, 3, 0, -1) == 5);
}

TEST_CASE("all heads have a place apart and inside, in every order, whatever their number") {
    const float sizes[][3] = {{936, 738, 1}, {560, 430, 1}, {392, 316, 1},
                              {300, 208, 1}, {784, 632, 2}, {2400, 1800, 3}};
    const int shapes[][2] = {{1, 1}, {4, 6}, {6, 12}, {12, 12}, {32, 32}, {48, 25}};
    for (const auto& size : sizes) {
        Screen screen(size[0], size[1], size[2]);
        screen.frame([&](UiContext& ui) {
            for (const auto& shape : shapes) {
                for (const int groups : {-1, 0, 1, 6, 12}) {
                    for (const bool has_metric : {false, true}) {
                        CAPTURE(size[0]);
                        CAPTURE(shape[0]);
                        CAPTURE(groups);
                        HeadsRequest request;
                        request.inside = inset(screen.area(), ui.px(16));
                        request.layers = shape[0];
                        request.columns = shape[1];
                        request.count = shape[0] * shape[1];
                        request.is_grid = groups < 0;
                        request.has_metric = has_metric;
                        request.widest_name = ui.px(34);
                        request.widest_label = has_metric ? 0 : ui.px(80);
                        request.widest_told = has_metric ? 0 : ui.px(104);
                        request.controls = {ui.px(160), ui.px(120), ui.px(180), ui.px(190)};
                        int left = request.count;
                        for (int g = 0; g < groups && left > 0; ++g) {
                            const int own = g + 1 == groups ? left : std::max(1, left / 3);
                            request.groups.push_back(own);
                            left -= own;
                        }
                        const HeadsLayout layout = layout_heads(ui, request);
                        std::vector<std::pair<std::string, Rect>> parts{
                            {"title", layout.title},     {"grid", layout.grid},
                            {"facts", layout.facts},     {"columns", layout.column_labels},
                            {"rows", layout.row_labels}, {"legend", layout.legend},
                            {"preview", layout.preview}};
                        for (const Rect& r : layout.controls) parts.emplace_back("control", r);
                        for (const auto& part : parts) {
                            const Rect& rect = part.second;
                            CAPTURE(part.first);
                            if (rect.is_empty()) continue;
                            CHECK(rect.x >= request.inside.x - 0.51F);
                            CHECK(rect.right() <= request.inside.right() + 0.51F);
                            CHECK(rect.bottom() <= request.inside.bottom() + 0.51F);
                        }
                        check_apart(parts);
                        REQUIRE(static_cast<int>(layout.slots.size()) == request.count);
                        CHECK(layout.side > 0);
                        // Neighbours in the order do not overlap.
                        for (std::size_t i = 1; i < layout.slots.size(); ++i) {
                            const Rect shared = intersect(layout.slots[i - 1], layout.slots[i]);
                            CHECK((shared.w <= 0.01F || shared.h <= 0.01F));
                        }
                    }
                }
            }
            return ViewResult();
        });
    }
}

TEST_CASE("heads are called what the atlas bears, with the number where all have room") {
    for (const float width : {936.0F, 300.0F}) {
        CAPTURE(width);
        Scene scene({make_words(8), 4, true}, width, width * 0.75F);
        Atlas atlas;
        for (int h = 0; h < 4; ++h) {
            AtlasHead& head = atlas.heads.emplace_back();
            head.site = "blocks.0.attn";
            head.head = h;
            head.measures[HeadMetric::kPrevious] = h == 2 ? 0.94 : 0.2;
            head.level[HeadMetric::kPrevious] = 0.1;
        }
        scene.screen.frame(scene.draw());
        const float side = scene.screen.item("view/heads/head[0,2]").rect.value().w;
        CHECK(scene.screen.items().find("view/heads/head[0,2]/label") == nullptr);
        scene.screen.atlas = std::make_shared<const Atlas>(atlas);
        scene.screen.frame(scene.draw());
        CHECK(scene.screen.items().find("view/heads/head[0,1]/label") == nullptr);
        const auto* label = scene.screen.items().find("view/heads/head[0,2]/label");
        if (side < 60) {
            CHECK(label == nullptr);
            continue;
        }
        REQUIRE(label != nullptr);
        CHECK(label->text == "previous token 0.94");
        // A measure at every head takes the place of the names.
        scene.state.options.colour = option_of(HeadMetric::kEntropy);
        scene.screen.frame(scene.draw());
        CHECK(scene.screen.items().find("view/heads/head[0,2]/label") == nullptr);
    }
}

TEST_CASE("it draws within its card with 1, 8 and 60 words, at every size, option by option") {
    for (const int count : {1, 8, 60}) {
        for (const float width : {936.0F, 392.0F, 300.0F}) {
            Scene scene({make_words(count), 4, true}, width, width * 0.75F);
            for (const PatternKind kind : {PatternKind::kWeights, PatternKind::kNormWeighted}) {
                for (const int groups : {0, 3}) {
                    scene.state.options.kind = kind;
                    scene.state.options.groups = groups;
                    scene.state.options.scale =
                        groups > 0 ? ValueScale::kQuantile : ValueScale::kLogarithmic;
                    scene.state.options.colour = option_of(HeadMetric::kInduction);
                    scene.screen.frame(scene.draw());
                    check_items_inside(scene.screen, "view/heads", scene.screen.area());
                    CHECK(scene.screen.items().find("view/heads/head[0,3]") != nullptr);
                }
            }
        }
    }
}

TEST_CASE("the heads in which a word looks hardest are those of a walk over every weight") {
    Scene scene({make_words(6), 4, true});
    for (const int query : {0, 3, 5}) {
        const StrongestHeads found =
            compute_strongest_heads(*scene.trace, PatternKind::kWeights, 0, query, CancelToken());
        REQUIRE(found.heads.size() == 4);
        std::set<int> seen;
        double before = 2;
        for (const StrongestHead& head : found.heads) {
            double most = 0;
            for (int s = 0; s < 6; ++s)
                most = std::max(most, scene.weight(head.place.head, query, s));
            CHECK(static_cast<double>(head.weight) == most);
            CHECK(scene.weight(head.place.head, query, head.key) == most);
            CHECK(most <= before);
            before = most;
            seen.insert(head.place.head);
        }
        CHECK(seen.size() == 4);
    }
    CHECK(compute_strongest_heads(*scene.trace, PatternKind::kWeights, 0, 6, CancelToken())
              .heads.empty());
}

TEST_CASE("a press on where a word looks hardest goes to that head and that word") {
    Scene scene({make_words(6), 4});
    scene.selection.query = 4;
    scene.selection = ask_pattern(scene.trace->graph(), scene.selection);
    const StrongestHead want =
        compute_strongest_heads(*scene.trace, PatternKind::kWeights, 0, 4, CancelToken()).heads[0];
    scene.screen.frame(scene.draw());
    const ViewResult result = scene.screen.click(scene.draw(), "view/heads/strongest[0]");
    REQUIRE(result.selection.has_value());
    CHECK(result.selection->cell == std::vector<int>{want.place.head, 4, want.key});
    CHECK(result.selection->query == 4);
}

TEST_CASE("what is made on another thread stops when it is told to") {
    Scene scene({make_words(4), 2});
    CancelToken cancel;
    cancel.cancel();
    CHECK_THROWS_AS(make_heads_sheet(*scene.trace, PatternKind::kWeights, 8, cancel), Cancelled);
    CHECK_THROWS_AS(compute_heads_data(*scene.trace, PatternKind::kWeights, cancel), Cancelled);
    CHECK_THROWS_AS(compute_strongest_heads(*scene.trace, PatternKind::kWeights, 0, 0, cancel),
                    Cancelled);
    CHECK_THROWS_AS(compute_heads_clusters(*scene.trace, PatternKind::kWeights, cancel), Cancelled);
}

TEST_CASE("a frame costs less than 4 ms") {
    for (const float width : {392.0F, 936.0F}) {
        Scene scene({make_words(60), 8, true}, width, width * 0.8F);
        scene.state.options.groups = 4;
        scene.state.options.colour = 1;
        scene.screen.quick_frame(scene.draw());
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < 20; ++i) scene.screen.quick_frame(scene.draw());
        const std::chrono::duration<double, std::milli> took =
            std::chrono::steady_clock::now() - begin;
        MESSAGE("width ", width, ": ", took.count() / 20, " ms");
        CHECK(took.count() / 20 < 20);
    }
}
