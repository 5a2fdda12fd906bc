// The running program, the same in a window and offscreen: document, actions, fonts and the drawing
// of one frame. Whoever owns the context hands over size, time and input through ImGui's io.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "app/document/compute_options.h"
#include "app/document/document.h"
#include "app/document/history.h"
#include "app/document/job_thread.h"
#include "app/gl/chosen_backend.h"
#include "app/ui/actions.h"
#include "app/ui/fonts.h"
#include "app/ui/item_log.h"
#include "app/ui/look.h"
#include "app/ui/options.h"
#include "app/ui/theme.h"
#include "app/ui/ui_context.h"
#include "app/window/figure_desk.h"
#include "app/window/gl_glyph_pages.h"
#include "app/window/gl_pictures.h"
#include "app/window/shell.h"

struct ImGuiContext;

namespace heed::app {

// ImGui's context, set up for heed: no settings file, no blinking cursor (idle is idle).
class ImGuiSession {
  public:
    ImGuiSession();
    ~ImGuiSession();
    ImGuiSession(const ImGuiSession&) = delete;
    ImGuiSession& operator=(const ImGuiSession&) = delete;

  private:
    ImGuiContext* context_ = nullptr;
};

struct FrameRequest {
    float base_scale = 1;  // of the screen, before the person's own
    double now_s = 0;
    bool record = false;     // fill the item log
    std::u32string typed{};  // characters, whole
};

// What building one frame took of the thread that draws.
struct FrameCost {
    double wall_ms = 0;
    double cpu_ms = 0;  // of the thread alone, whatever else the machine does
};

struct ProgramSetup {
    std::function<void()> wake;    // called from another thread when a frame is worth drawing
    ContextMaker compute_context;  // for computing; null: a context without a window
    BackendChoice backend = BackendChoice::kCpu;  // until a person chooses
};

class Program {
  public:
    // Needs a current OpenGL context, which must outlive it.
    explicit Program(const ProgramSetup& setup);
    ~Program();
    Program(const Program&) = delete;
    Program& operator=(const Program&) = delete;

    // Takes over finished work, builds the interface and gives ImGui's draw data; io holds the
    // display's size and the input. Returns the seconds after which the next frame is wanted though
    // nothing happens.
    double build_frame(const FrameRequest& request);
    // What the last build_frame took.
    FrameCost frame_cost() const { return frame_cost_; }
    // Draws what was built to the bound target, over the theme's background.
    void render_frame();

    // Takes over finished work; build_frame does so, too.
    void update();

    Document& document() { return document_; }
    const Document& document() const { return document_; }
    // Whether something that was asked for is not on the screen yet.
    bool is_busy() const {
        return document_.is_busy() || jobs_.is_busy() || to_generate_ > 0 || unfinished_ != nullptr;
    }
    // Whether values that were asked for are on their way: a frame is due when they have come.
    bool is_pending() const { return document_.is_pending(); }
    const Actions& actions() const { return actions_; }
    const ItemLog& items() const { return items_; }
    const ControlState& controls() const { return controls_; }
    const GlPictures& pictures() const { return pictures_; }
    // Opens the model of the start screen (start_model.h); an error in the document where there is
    // none.
    void open_default_model();

    const Theme& theme() const { return theme_; }
    void set_theme(ThemeKind theme);
    // What the desktop prefers; tells nothing until it is set.
    void set_system_look(const SystemLook& look) { system_look_ = look; }
    float scale() const { return look_.scale; }
    bool is_typing() const { return shell_.sentence.is_typing; }
    // Where copied pictures go; without one they are copied as text.
    void set_clipboard(std::unique_ptr<PictureClipboard> clipboard) {
        figures_.set_clipboard(std::move(clipboard));
    }
    // Opens what was dropped onto the window, in its order: a model and then a picture for it.
    void open_dropped(const std::vector<std::string>& paths);
    // The folder that the file chooser begins in.
    const std::filesystem::path& last_place() const { return shell_.files.folder; }
    void set_last_place(const std::filesystem::path& folder) { shell_.files.folder = folder; }
    bool wants_to_quit() const { return wants_to_quit_; }

    // Every option of look, panels and views: what `set` sets.
    void visit_options(OptionVisitor& v);
    // All that a person has chosen, and the way back to it.
    PersonState person();
    void restore(const PersonState& state);
    // Forgets how it came to what is there now: nothing leads back to before it.
    void settle();
    const History& history() const { return history_; }
    // Counts the changes of what person() gives.
    std::uint64_t person_version() const { return person_version_; }
    // Titles of what the palette ran, the latest first.
    const RecentTitles& recent_titles() const { return shell_.commands.palette.recent; }
    void set_recent_titles(RecentTitles titles) {
        shell_.commands.palette.recent = std::move(titles);
    }
    // The options that differ from what they are in a new program.
    std::vector<OptionValue> changed_options();
    // Sets options as a file has them; one that is not known is left out. Throws Error for the
    // first with a value that it cannot have; then all are as they were.
    void set_options(const std::vector<OptionValue>& options);

  private:
    double make_frame(const FrameRequest& request);
    void add_program_actions();
    void add_view_actions();
    void add_opening_actions();
    void add_sequence_actions();
    void generate_next();
    void add_document_actions();
    void add_example_actions();
    // The list of examples is the one of the model that is shown.
    void follow_examples();
    void add_picture_actions();
    void add_selection_actions();
    void add_unlock_action();
    void add_stage_actions();
    void add_command_actions();
    void add_panel_actions();
    void add_word_actions();
    void add_panel_switches();
    void add_figure_actions();
    void add_copy_actions();
    void open_path(const std::string& name_or_path);
    void show_in_centre(std::string_view view);
    void add_history_actions();
    void dismiss();
    bool can_dismiss() const;
    const TextEdit* typed_edit() const;
    void note_work();
    VisitOptions option_visit();
    void note_changes();
    void follow_backend();
    void run_keys();
    void apply(ViewResult result);
    void select_layer(int layer);
    void select_site(const std::string& word);
    void select_next_site();
    void select_kept(Selection wanted);
    void move(int Selection::*position, int by);
    int find_step(int Selection::*position, int by) const;
    // Walking the stages: app/window/stage_actions.cpp.
    void add_walking_actions();
    void add_playing_actions();
    void go_to_stage(int stage);
    int current_stage();
    int count_stages();
    void set_playing(bool is_playing);

    ImGuiSession imgui_;
    GlPictures pictures_;
    GlGlyphPages pages_;
    ChosenBackend* backend_ = nullptr;  // the document's
    Document document_;
    std::shared_ptr<const Model> examples_model_;  // whose examples are listed
    JobThread jobs_;
    FigureDesk figures_{document_, jobs_};
    Actions actions_;
    ItemLog items_;
    Fonts fonts_{&pages_};
    HoverClock hover_;
    ControlState controls_;
    std::vector<Ground> grounds_;  // of the built frame
    ShellState shell_;
    LookOptions look_;
    ComputeOptions compute_;
    SystemLook system_look_;
    Theme theme_;  // of the frame
    History history_;
    std::vector<OptionValue> first_options_;
    std::uint64_t person_hash_ = 0;
    std::uint64_t person_version_ = 0;
    double now_s_ = 0;
    FrameCost frame_cost_;
    int to_generate_ = 0;  // tokens that are still to be appended
    // What waits for values: tried again until it says that it is done.
    std::function<bool()> unfinished_;
    bool wants_to_quit_ = false;
};

}  // namespace heed::app
