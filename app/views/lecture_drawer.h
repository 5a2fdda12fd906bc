// The drawing of the lecture, shared by the files that draw its parts.
#pragma once

#include <map>

#include "app/ui/widgets.h"
#include "app/views/axes.h"
#include "app/views/lecture.h"

namespace heed::app {

// A strip of numbers: where from, how coloured.
struct Strip {
    NodeId node = -1;
    const MatrixValues* values = nullptr;
    int outer = 0;
    ColourScale scale{};
    int first = 0;
    int seen = 0;
    int width = 0;
};

// What the mouse is over.
struct Target {
    NodeId node = -1;
    std::vector<int> cell;
    float value = 0;
    Rect rect;
    std::string extra;  // said besides
};

class LectureDrawer {
  public:
    explicit LectureDrawer(const LectureScene& scene);
    ViewResult draw();

  private:
    bool read();
    const MatrixValues* read_node(NodeId node, int outer, int first, int end);
    int outer_of(NodeId node) const;
    std::vector<int> cell_of(NodeId node, int row, int column) const;
    Strip make_strip(NodeId node, int outer, int rows, int seen, const MatrixValues* scale_from);
    void choose_layout();
    bool is_told(int stage) const { return scene_.stage >= stage; }
    bool is_hidden(int s) const;
    void draw_query(ViewResult& result);
    void draw_header();
    void draw_rows(ViewResult& result);
    void draw_row(int s, const Rect& row);
    void draw_column(std::size_t i, int s, const Rect& place);
    void draw_weight(int s, const LectureLayout::Column& column, const Rect& place);
    void draw_cells(const Strip& strip, int row, const Rect& place, float factor,
                    std::string_view id, float fade);
    std::optional<Target> find_target(Point mouse, Point origin) const;
    std::optional<Target> find_in_strip(const Strip& strip, int row, const Rect& place,
                                        Point mouse) const;
    void answer(const std::optional<Target>& target, bool was_clicked, ViewResult& result);
    void draw_sum(ViewResult& result);
    void draw_foot();
    void draw_pages();
    void mark_numbers() const;
    const Strip& strip_of(const LectureColumn& column) const;
    std::string word(int s) const { return token_text(trace_, key_sequence_, s); }
    static std::string title_of(const LectureColumn& column) {
        return column.number > 0 ? std::to_string(column.number) + "  " + column.title
                                 : column.title;
    }
    std::string query_word() const { return token_text(trace_, query_sequence_, query_); }
    // "q of “he”", "rot_q of “he”"
    std::string query_name(NodeId q) const {
        return std::string(short_name(trace_.graph().node(q).name)) + " of \u201c" + query_word() +
               "\u201d";
    }

    const LectureScene& scene_;
    UiContext& ui_;
    const Trace& trace_;
    const LecturePlan& plan_;
    int key_sequence_ = 0;
    int query_sequence_ = 0;
    int words_ = 0;
    int query_ = 0;
    std::map<NodeId, const MatrixValues*> scores_;  // by node, of this head
    std::map<NodeId, Strip> strips_;
    Strip query_strip_;
    Strip sum_strip_;
    LectureLayout layout_;
    int decimals_ = 2;
    float rows_left_ = 0;  // of the content, moved by scrolling
};

}  // namespace heed::app
