// One word at a time: how the chosen word gets its new vector in one head, as a lecture tells it.
// Its query, the key vectors, the products, what is done to them, the weights, the values, the
// weighted values, their sum; what is not told yet is empty space. The columns are found by
// walking the graph from the pattern back to the product; knows no family.
//
// Items: view/stages/q[k], k[s,k], v[s,k], NODE[s], weight[s], weighted[s,k], z[k]; row[s] of the
// words; title, sentence, page/....
#pragma once

#include <vector>

#include "app/views/stage_words.h"
#include "app/views/view.h"

namespace heed::app {

enum class LectureKind {
    kKeys,      // a strip of numbers: the key vector, or what additive scores make of it
    kScore,     // one number
    kWeight,    // a bar and its number
    kValues,    // a strip: the value vector
    kWeighted,  // a factor and a strip: weight times value
};
struct LectureColumn {
    LectureKind kind = LectureKind::kScore;
    NodeId node = -1;
    std::string title;
    int stage = -1;   // of list_stages: from which on it is told
    int number = -1;  // of the step; -1: belongs to the one before
};
// Queries and keys as one step leaves them: projected, normed, turned by their position.
struct LectureForm {
    int stage = -1;
    NodeId q = -1;
    NodeId k = -1;
    std::string title;  // of the keys' column
    int number = -1;    // of the step that made these keys
};
struct LecturePlan {
    NodeId q = -1;  // what enters the product; of plan_at what is shown
    NodeId k = -1;
    NodeId v = -1;
    NodeId pattern = -1;
    NodeId z = -1;
    std::optional<NodeId> masked;  // -inf where a key is hidden
    int masked_stage = -1;
    int sum_stage = -1;
    int query_heads = 1;
    int key_heads = 1;
    std::vector<LectureForm> forms;      // from the projected to what enters the product
    std::vector<LectureColumn> columns;  // from the left
    std::vector<int> step_stages;        // the stage of each step, ascending
};
// nullopt where the attention cannot be told so, or is null.
std::optional<LecturePlan> plan_lecture(const Graph& graph, const std::vector<StageEntry>& stages,
                                        const AttentionSite* site);
// The plan as it stands at a stage: queries and keys in the form that they have there.
LecturePlan plan_at(const LecturePlan& plan, int stage);
// Which step (from 0) a stage is told in; -1 where it is not part of the lecture.
int find_step(const LecturePlan& plan, int stage);

struct LectureLayout {
    Rect query_label;
    Rect query;  // strip
    Rect query_note;
    Rect header;  // titles of the columns
    Rect rows;    // what scrolls
    float row_h = 0;
    float content_w = 0;  // wider than `rows` where it scrolls to the side
    float cell_w = 0;     // of a strip
    int keys_seen = 0;    // numbers in sight of a key vector
    int values_seen = 0;
    bool has_numbers = false;  // in the strips' cells
    struct Column {
        float x = 0;  // from the left of the content
        float w = 0;
        float factor_w = 0;  // kWeighted: the "× 0.69" before the strip
        float bar_w = 0;     // kWeight
    };
    Rect label;                   // x and width of the words, from the left of the content
    std::vector<Column> columns;  // as the plan's
    Rect rule;
    Rect sum_label;
    Rect sum;  // strip
    Rect sum_note;
    Rect note;   // what the colours are
    Rect pages;  // of the numbers
};
struct LectureRequest {
    Rect inside;
    const LecturePlan& plan;
    int words = 0;
    int key_width = 0;             // numbers of a key vector
    int value_width = 0;           // of a value
    float label_w = 0;             // of the widest word
    float score_w = 0;             // of the widest score
    float number_w = 0;            // of the widest number in a strip
    std::vector<float> title_w{};  // of the columns' titles; empty: they need no room
};
LectureLayout layout_lecture(const UiContext& ui, const LectureRequest& request);

struct LectureScene {
    const Trace& trace;
    const Selection& selection;
    const LecturePlan& plan;
    int stage = 0;  // that is being told
    Rect inside;
    StagesViewState& state;
    UiContext& ui;
};
ViewResult draw_lecture(const LectureScene& scene);

}  // namespace heed::app
