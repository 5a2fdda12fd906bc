#include "app/views/attention.h"

#include <imgui.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "app/ui/figures.h"
#include "app/views/attention_lines.h"
#include "app/views/attention_picture.h"
#include "app/views/attention_tip.h"
#include "app/views/cell_tip.h"
#include "app/views/piece_words.h"
#include "core/run/at_hand.h"

namespace heed::app {

namespace {

constexpr float kMostZoom = 12;
constexpr const char* kCaption =
    "rows: the {word} that looks (query)   \u00b7   columns: the {word} that is looked at (key)";
constexpr const char* kLinesCaption =
    "from the {word} that looks (query) to the {word} that is looked at (key)";

constexpr const char* kPictureCaption =
    "click: the patch that looks   \u00b7   Shift+click: the patch that is looked at";

Rect unite(const Rect& a, const Rect& b) {
    if (a.is_empty()) return b;
    if (b.is_empty()) return a;
    const float x = std::min(a.x, b.x);
    const float y = std::min(a.y, b.y);
    return {x, y, std::max(a.right(), b.right()) - x, std::max(a.bottom(), b.bottom()) - y};
}

// One frame of the view.
class AttentionView {
  public:
    AttentionView(UiContext& ui, const Trace& trace, const AttentionSite& site,
                  const Selection& asked, AttentionViewState& state)
        : ui_(ui),
          trace_(trace),
          site_(site),
          asked_(asked),
          state_(state),
          request_(request_pattern(site, asked, state.options)) {}

    ViewResult draw(const Rect& inside) {
        const std::string obstacle = find_obstacle(trace_.graph(), site_, request_);
        if (obstacle.empty()) data_ = get_attention_data(trace_, site_, request_, state_, ui_);
        if (data_ == nullptr || !data_->values) {
            draw_nothing(inside, obstacle);
            return std::move(result_);
        }
        const MatrixAxis rows = data_->rows();
        const MatrixAxis columns = data_->columns();
        decimals_ = choose_decimals(std::array{data_->values->largest()});
        decimals_ = std::clamp(decimals_, 1, 2);
        picture_ = get_attention_picture(trace_, site_, state_, ui_);
        layout_ = lay_out(describe(inside, rows, columns));
        draw_attention_controls(ui_, header(), layout_, state_, result_);
        const MatrixHit hit = draw_heat(rows, columns);
        const LinesHit lines = draw_lines(hit);
        const CellIndex painted = draw_painting(hit);
        keep_preview({lines.hovered_query, lines.hovered_key}, painted);
        draw_footer();
        draw_tips(hit);
        take_hits(hit, lines);
        mark_figures();
        return std::move(result_);
    }

  private:
    bool is_share() const { return request_.kind != PatternKind::kNormWeighted; }

    AttentionRequest describe(const Rect& inside, const MatrixAxis& rows,
                              const MatrixAxis& columns) const {
        AttentionRequest request{inside, rows, columns};
        request.parts = state_.options.parts;
        request.zoom = state_.zoom;
        request.has_badge = !data_->is_whole;
        request.has_only = has_chosen_words();
        const bool has_chips =
            state_.options.choice == HeadChoice::kChosen && request_.kind != PatternKind::kRollout;
        request.chips = has_chips ? site_.heads : 0;
        request.title = attention_title(*data_);
        request.has_picture = picture_ != nullptr;
        if (!is_share()) {
            request.widest_number =
                format_number(static_cast<double>(data_->values->largest()), decimals_).view();
        }
        return request;
    }

    bool has_chosen_words() const {
        const AttentionOptions& options = state_.options;
        return !options.queries.empty() || !options.keys.empty() || !options.hidden.empty();
    }
    std::span<const TokenLabel> words() const {
        if (trace_.inputs().labels.empty()) return {};
        return trace_.labels(site_.key_sequence);
    }

    AttentionLayout lay_out(AttentionRequest request) const {
        if (picture_ == nullptr || !state_.options.shows_picture) {
            return layout_attention(ui_, request);
        }
        const std::vector<std::string> tokens = list_picture_tokens(trace_, site_, *picture_);
        const PictureRequest picture{*picture_, tokens, request.widest_number};
        request.picture = &picture;
        return layout_attention(ui_, request);
    }

    AttentionHeader header() const {
        const PatternRequest rollout{PatternKind::kRollout, HeadChoice::kMean, {}};
        return {attention_title(*data_),
                attention_short_title(*data_),
                attention_subtitle(*data_) + (state_.options.merges_pieces ? ", merged" : ""),
                site_.heads,
                request_,
                find_obstacle(trace_.graph(), site_, rollout).empty(),
                !(data_->request == request_) || data_->layer != site_.layer,
                words(),
                picture_ != nullptr};
    }

    // The controls stay, so that what was set can be set back.
    void draw_nothing(const Rect& inside, const std::string& obstacle) {
        const MatrixAxis none;
        AttentionRequest wanted{inside, none, none};
        wanted.parts = AttentionParts::kLines;
        wanted.title = "Layer " + std::to_string(asked_.layer);
        wanted.has_only = has_chosen_words();
        layout_ = layout_attention(ui_, wanted);
        draw_attention_controls(
            ui_, {wanted.title, "", "", site_.heads, request_, obstacle.empty(), false, words()},
            layout_, state_, result_);
        const Rect rest{inside.x, inside.y + ui_.px(72), inside.w,
                        std::max(0.0F, inside.h - ui_.px(72))};
        if (!obstacle.empty()) {
            empty_state(ui_, "view/attention/empty", rest, "Not to be had here", obstacle);
        } else if (data_ == nullptr) {
            empty_state(ui_, "view/attention/empty", rest, "On its way",
                        "The numbers are worked out.");
        } else {
            empty_state(ui_, "view/attention/empty", rest, "All words are hidden",
                        "Show some of them again.");
        }
    }

    CellIndex chosen() const {
        return {find_group(data_->shown.rows, asked_.query),
                find_group(data_->shown.columns, asked_.key)};
    }
    // What is locked, as a row and a column.
    CellIndex locked() const {
        CellIndex at = chosen();
        if (state_.lock == AttentionLock::kNone) return {-1, -1};
        if (state_.lock != AttentionLock::kColumn) at.column = -1;
        if (state_.lock == AttentionLock::kColumn) at.row = -1;
        return at;
    }

    MatrixHit draw_heat(const MatrixAxis& rows, const MatrixAxis& columns) {
        if (layout_.matrix.rows == 0) return {};
        MatrixPicture picture{"view/attention", rows, columns, *data_->values};
        picture.blocked = data_->blocked ? &*data_->blocked : nullptr;
        picture.scales = &data_->scales;
        picture.key = {ui_.trace_number, data_->pattern.node, asked_.head};
        picture.look = state_.data_version;
        picture.decimals = decimals_;
        picture.is_weights = is_share();
        picture.shows_numbers = state_.options.shows_numbers;
        picture.chosen = chosen();
        picture.has_crosshair = true;
        picture.mark = static_cast<MatrixMark>(static_cast<int>(state_.lock));
        picture.previews = true;
        picture.preview = {state_.preview_row.value_or(-1), state_.preview_column.value_or(-1)};
        picture.row_names = data_->row_positions;
        picture.column_names = data_->column_positions;
        picture.reveals_chosen = is_newly_chosen();
        if (state_.anchor) picture.anchor = {{state_.anchor->share, state_.anchor->at}};
        state_.anchor.reset();
        const MatrixHit hit = draw_matrix(ui_, layout_.matrix, picture);
        draw_divider(columns);
        if (hit.zoom_steps != 0) zoom(hit);
        return hit;
    }

    // Between the segment before and the words that follow it, where all of them are in sight.
    void draw_divider(const MatrixAxis& columns) {
        const MatrixLayout& matrix = layout_.matrix;
        if (matrix.scrolls) return;
        for (std::size_t i = 1; i < columns.tokens.size(); ++i) {
            const bool is_border =
                columns.tokens[i - 1].text_index == 3 && columns.tokens[i].text_index != 3;
            if (!is_border) continue;
            const float x = matrix.grid.x + static_cast<float>(i) * matrix.cell_w - matrix.gap / 2;
            const float width = ui_.px(2);
            const Rect line{std::round(x - width / 2), matrix.grid.y - ui_.px(4), width,
                            matrix.content_h() + ui_.px(8)};
            fill(ui_, line, ui_.theme.ink_third);
            log_item(ui_, "view/attention/divider", "line", "the segment before ends",
                     static_cast<double>(i), line);
        }
    }

    void zoom(const MatrixHit& hit) {
        const float wanted = state_.zoom * std::pow(1.25F, hit.zoom_steps);
        state_.zoom = std::clamp(wanted, 1.0F, kMostZoom);
        state_.anchor = ZoomAnchor{hit.zoom_share, hit.zoom_at};
        ui_.request_frame_in(0);
    }

    // Whether the chosen cell is another one than in the frame before.
    bool is_newly_chosen() {
        const std::vector<int> cell{asked_.query, asked_.key};
        if (state_.revealed_version == state_.data_version && state_.revealed_cell == cell) {
            return false;
        }
        state_.revealed_version = state_.data_version;
        state_.revealed_cell = cell;
        return true;
    }

    LinesHit draw_lines(const MatrixHit& hit) {
        if (layout_.lines.is_empty()) return {};
        LinesPicture picture{*data_};
        picture.chosen = locked();
        picture.label_at = state_.lock == AttentionLock::kNone ? CellIndex{-1, -1} : chosen();
        picture.preview = {state_.preview_row.value_or(-1), state_.preview_column.value_or(-1)};
        if (hit.hovered) picture.preview.row = hit.hovered->row;
        if (hit.hovered_row) picture.preview.row = *hit.hovered_row;
        if (hit.hovered_column) picture.preview.column = *hit.hovered_column;
        picture.high = is_share() ? 1.0F : std::max(data_->values->largest(), 1e-30F);
        return draw_attention_lines(ui_, layout_, picture);
    }

    // What the mouse is over in lines or picture is marked in the cells in the next frame.
    void keep_preview(std::pair<std::optional<int>, std::optional<int>> lines, CellIndex painted) {
        if (painted.row >= 0) lines.first = painted.row;
        if (painted.column >= 0) lines.second = painted.column;
        const bool is_same =
            lines.first == state_.preview_row && lines.second == state_.preview_column;
        if (!is_same) ui_.request_frame_in(0);
        state_.preview_row = lines.first;
        state_.preview_column = lines.second;
    }

    // The picture with the weights over it; the cell under the mouse there, its line left out.
    CellIndex draw_painting(const MatrixHit& hit) {
        if (layout_.picture.is_empty()) return {-1, -1};
        CellIndex preview{-1, -1};
        if (hit.hovered) preview.row = hit.hovered->row;
        if (hit.hovered_row) preview.row = *hit.hovered_row;
        const AttentionPainting made =
            make_painting(trace_, site_, *data_, *picture_, chosen(), preview, state_);
        PicturePainting painting{
            "view/attention", *picture_,  made.positions, made.tokens,
            made.token_texts, made.scale, made.title,     state_.picture_version};
        painting.looking = made.is_column ? -1 : first_of(data_->row_positions, made.line);
        painting.looked_at =
            made.is_column ? first_of(data_->column_positions, made.line) : asked_.key;
        if (!made.is_column && state_.lock == AttentionLock::kRow) painting.looked_at = -1;
        painting.tint = state_.options.tint;
        painting.has_lines = state_.options.has_patch_lines;
        painting.shows_numbers = state_.options.shows_numbers;
        painting.is_weights = is_share();
        painting.decimals = decimals_;
        const PictureHit found = draw_painted_picture(ui_, layout_.picture, painting);
        take_painting(made, found);
        if (!found.hovered || made.line < 0) return {-1, -1};
        const CellIndex at = made.cell(*data_, *found.hovered);
        if (at.row < 0 || at.column < 0) return {-1, -1};
        draw_shown_tip(ui_, trace_, *data_, at, found.hovered_rect);
        return made.is_column ? CellIndex{at.row, -1} : CellIndex{-1, at.column};
    }
    static int first_of(const std::vector<int>& positions, int line) {
        return line < 0 ? -1 : positions[static_cast<std::size_t>(line)];
    }

    // A click chooses what is painted, with Shift the other side of the cell.
    void take_painting(const AttentionPainting& made, const PictureHit& found) {
        if (found.lines) set("patch-lines", *found.lines ? "on" : "off");
        if (found.tint) set("tint", std::to_string(*found.tint));
        if (!found.clicked) return;
        Selection wanted = asked_;
        (found.has_shift != made.is_column ? wanted.key : wanted.query) = *found.clicked;
        if (!made.is_column) state_.lock = found.has_shift ? AttentionLock::kCell : state_.lock;
        result_.selection = ask_pattern(trace_.graph(), std::move(wanted));
    }
    void set(const char* name, std::string value) {
        result_.commands.push_back({"set", {std::string("attention.") + name, std::move(value)}});
    }

    void draw_footer() {
        const bool has_heat = layout_.matrix.rows > 0;
        if (!layout_.caption.is_empty()) {
            const bool has_lines = !layout_.lines.is_empty();
            const char* text = has_heat ? kCaption : has_lines ? kLinesCaption : kPictureCaption;
            draw_label(ui_, "view/attention/caption", {Type::kNote, ui_.theme.ink_second},
                       layout_.caption, say_pieces(text, trace_.labels(site_.key_sequence)));
        }
        if (!layout_.badge.is_empty()) draw_badge();
        if (layout_.legend.is_empty()) return;
        const std::string quantity = is_share() ? "weight" : "weighted length";
        legend_bar(ui_, "view/attention/legend", layout_.legend, data_->scales.all,
                   describe_scales(data_->scales, quantity), data_->scales.unit());
        if (!data_->blocked || !data_->blocked->has_blocked()) return;
        const Rect& legend = layout_.legend;
        const float right = legend.x + std::min(ui_.px(300), legend.w * 0.5F) + ui_.px(20);
        const Rect line{right, legend.y + ui_.px(16), legend.right() - right, ui_.px(18)};
        const Rect swatch{line.x, line.y + ui_.px(3), ui_.px(12), ui_.px(12)};
        fill(ui_, swatch, ui_.theme.sunk, ui_.px(2));
        outline(ui_, swatch, ui_.theme.line, ui_.hairline(), ui_.px(2));
        draw_label(ui_, "view/attention/blocked", {Type::kNote, ui_.theme.ink_second},
                   {swatch.right() + ui_.px(8), line.y, line.w - ui_.px(20), line.h},
                   "may not be seen");
    }

    // How much of what the shown words give goes to words that are not shown.
    void draw_badge() {
        const float share = data_->shown.left_out_of_all;
        char text[96];
        std::snprintf(text, sizeof text, "%.2f of the %s goes to hidden tokens",
                      static_cast<double>(share), is_share() ? "weight" : "length");
        Rect rest = layout_.badge;
        const float width =
            std::min(rest.w, std::ceil(measure_text(ui_, Type::kNoteStrong, text)) + ui_.px(20));
        const Rect box = take_left(rest, width);
        fill(ui_, box, ui_.theme.accent_soft, ui_.px(7));
        draw_text(ui_, {Type::kNoteStrong, ui_.theme.accent, Align::kCentre}, box, text);
        log_item(ui_, "view/attention/badge", "badge", text, static_cast<double>(share), box);
    }

    void draw_tips(const MatrixHit& hit) {
        if (hit.hovered) {
            draw_shown_tip(ui_, trace_, *data_, *hit.hovered, hit.hovered_cell);
        } else if (hit.hovered_row) {
            draw_label_tip(ui_, *data_, true, *hit.hovered_row, layout_.matrix.row_band);
        } else if (hit.hovered_column) {
            draw_label_tip(ui_, *data_, false, *hit.hovered_column, layout_.matrix.column_band);
        }
    }

    // A second click on what is locked lets it go.
    void lock(AttentionLock wanted, bool is_same) {
        state_.lock = state_.lock == wanted && is_same ? AttentionLock::kNone : wanted;
    }
    // Adds a word to those that alone are shown, or takes it out.
    void toggle_only(const char* name, const std::vector<int>& now, int position) {
        std::vector<int> wanted = now;
        const auto at = std::find(wanted.begin(), wanted.end(), position);
        if (at != wanted.end()) {
            wanted.erase(at);
        } else {
            wanted.push_back(position);
        }
        std::string text;
        for (const int i : wanted) text += (text.empty() ? "" : ",") + std::to_string(i);
        set(name, std::move(text));
    }

    void take_hits(const MatrixHit& hit, const LinesHit& lines) {
        Selection wanted = asked_;
        const CellIndex at = chosen();
        const std::optional<int> row = hit.clicked_row ? hit.clicked_row : lines.query;
        const std::optional<int> column = hit.clicked_column ? hit.clicked_column : lines.key;
        const bool chooses_words = ImGui::GetIO().KeyShift && !hit.clicked && (row || column);
        if (chooses_words && row) {
            toggle_only("queries", state_.options.queries,
                        data_->row_positions[static_cast<std::size_t>(*row)]);
        } else if (chooses_words) {
            toggle_only("keys", state_.options.keys,
                        data_->column_positions[static_cast<std::size_t>(*column)]);
        } else if (hit.clicked) {
            ++state_.presses;
            lock(AttentionLock::kCell, *hit.clicked == at);
            state_.pressed =
                PressedCell{state_.data_version, hit.clicked->row, hit.clicked->column};
        } else if (row) {
            lock(AttentionLock::kRow, *row == at.row);
            wanted.query = data_->row_positions[static_cast<std::size_t>(*row)];
            result_.selection = ask_pattern(trace_.graph(), std::move(wanted));
        } else if (column) {
            lock(AttentionLock::kColumn, *column == at.column);
            wanted.key = data_->column_positions[static_cast<std::size_t>(*column)];
            result_.selection = ask_pattern(trace_.graph(), std::move(wanted));
        }
        choose_pressed();
    }

    // Chooses the cell behind the one that was pressed, once it is known.
    void choose_pressed() {
        if (!state_.pressed) return;
        const PressedCell pressed = *state_.pressed;
        if (pressed.data_version != state_.data_version) return state_.pressed.reset();
        const auto cell = if_at_hand([&] {
            return find_source(trace_, *data_, {pressed.row, pressed.column}, asked_.head);
        });
        if (!cell) return;
        state_.pressed.reset();
        Selection wanted = asked_;
        wanted.head = (*cell)[0];
        wanted.query = (*cell)[1];
        wanted.key = (*cell)[2];
        result_.selection = ask_pattern(trace_.graph(), std::move(wanted));
    }

    void mark_figures() {
        if (ui_.figures == nullptr) return;
        const std::string title = attention_title(*data_);
        const auto numbers = [data = data_, &trace = trace_] { return list_numbers(trace, *data); };
        if (layout_.matrix.rows > 0) {
            Rect area = unite(layout_.matrix.row_band, layout_.matrix.window);
            area = unite(unite(area, layout_.matrix.column_band), layout_.caption);
            area = unite(unite(area, layout_.legend), layout_.badge);
            mark_figure(ui_, "view/attention/heatmap", title, area, numbers);
        }
        if (!layout_.lines.is_empty()) {
            mark_figure(ui_, "view/attention/lines", title, layout_.lines, numbers);
        }
        if (!layout_.picture.is_empty()) {
            mark_figure(ui_, "view/attention/image", title, layout_.picture.whole, numbers);
        }
    }

    UiContext& ui_;
    const Trace& trace_;
    const AttentionSite& site_;
    const Selection& asked_;
    AttentionViewState& state_;
    PatternRequest request_;
    std::shared_ptr<const AttentionData> data_;
    std::shared_ptr<const PatchedPicture> picture_;
    AttentionLayout layout_;
    int decimals_ = 2;
    ViewResult result_;
};

}  // namespace

ViewResult draw_attention_view(const Trace& trace, const Selection& selection, const Rect& rect,
                               AttentionViewState& state, UiContext& ui) {
    state.was_drawn = true;
    const Rect inside = card(ui, rect);
    const AttentionSite* site = find_site(trace.graph(), selection);
    if (site == nullptr) {
        empty_state(ui, "view/attention/empty", inside, "No attention here",
                    "This layer has no pattern to show.");
        return {};
    }
    const Selection asked = ask_pattern(trace.graph(), selection);
    const Shape& shape = trace.graph().node(*site->pattern).shape;
    if (shape.extent(-1) == 0 || shape.extent(-2) == 0) {
        empty_state(ui, "view/attention/empty", inside, "No words yet", "Type a sentence above.");
        return {};
    }
    return AttentionView(ui, trace, *site, asked, state).draw(inside);
}

}  // namespace heed::app
