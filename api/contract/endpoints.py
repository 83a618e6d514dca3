"""Every JSON endpoint as a value, shared by the server and the bots' client.

One rule: a path is written here and nowhere else.

``takes`` is the body, ``gives`` the answer (None: 204).
"""

from dataclasses import dataclass, field
from typing import Generic, Literal, TypeVar

from pydantic import BaseModel

from api.contract import amendments as am
from api.contract import analytics as an
from api.contract import approvals as a
from api.contract import attachments as at
from api.contract import awards as aw
from api.contract import clarifications as cl
from api.contract import comments as c
from api.contract import delegations as d
from api.contract import demand as dm
from api.contract import digest as dg
from api.contract import entries as en
from api.contract import file_quotes as qf
from api.contract import findings as fi
from api.contract import groups as g
from api.contract import insights as ins
from api.contract import operations as ops
from api.contract import orders as o
from api.contract import organisation as og
from api.contract import people as p
from api.contract import preferences as st
from api.contract import quotes as q
from api.contract import rates as rt
from api.contract import recommendations as rc
from api.contract import requests as r
from api.contract import rfqs as rf
from api.contract import standings as sd
from api.contract import vendor_links as vl
from api.contract import vendor_scores as vs
from api.contract import vendors as v
from api.contract.values import Listing

BodyT = TypeVar("BodyT", bound=BaseModel | None)
ResponseT = TypeVar("ResponseT", bound=BaseModel | None)
Method = Literal["GET", "POST", "PUT", "PATCH", "DELETE"]


@dataclass(frozen=True)
class Endpoint(Generic[BodyT, ResponseT]):
    """One method on one path: its body, its answer, and the status of success."""

    method: Method
    path: str
    body: type[BodyT]
    response: type[ResponseT]
    status: int = 200
    repeatable: bool = field(default=False, kw_only=True)
    """A POST that is as good twice as once, without a key: it stores nothing, or a secret that nobody has read yet."""
    opens_file: bool = field(default=False, kw_only=True)
    """The API opens a file that somebody sent, and answers when that has ended: callers wait longer."""

    @property
    def name(self) -> str:
        return f"{self.method} {self.path}"

    @property
    def may_be_repeated(self) -> bool:
        """Whether a caller who got no answer may ask again without an idempotency key."""
        return self.repeatable or self.method != "POST"


N = type(None)

login = Endpoint("POST", "/auth/login", p.LoginIn, p.TokenOut)
refresh = Endpoint("POST", "/auth/refresh", p.RefreshIn, p.TokenOut)
logout = Endpoint("POST", "/auth/logout", p.RefreshIn, N, 204)
web_ticket = Endpoint("POST", "/auth/web-ticket", p.WebTicketIn, p.WebTicketOut, 201)
my_web_login = Endpoint("GET", "/auth/web-login", N, p.WebLoginQuestionOut)
answer_web_login = Endpoint("POST", "/auth/web-login/{id}", p.WebLoginAnswerIn, p.WebLoginAnsweredOut)
set_password = Endpoint("POST", "/auth/password", p.PasswordIn, N, 204)
service_token = Endpoint("POST", "/auth/service", p.ServiceIn, p.ServiceTokenOut, repeatable=True)
chat_token = Endpoint("POST", "/auth/chat", p.ChatIn, p.ChatTokenOut, repeatable=True)
me = Endpoint("GET", "/me", N, p.MeOut)
list_people = Endpoint("GET", "/people", N, Listing[p.MemberOut])
add_person = Endpoint("POST", "/people", p.PersonIn, p.AccountOut, 201)
show_person = Endpoint("GET", "/people/{id}", N, p.AccountOut)
edit_person = Endpoint("PATCH", "/people/{id}", p.PersonPatch, p.AccountOut)
change_roles = Endpoint("PUT", "/people/{id}/roles", p.RolesIn, p.AccountOut)
disable_person = Endpoint("POST", "/people/{id}/disable", N, p.AccountOut)
erase_person = Endpoint("POST", "/people/{id}/erase", N, p.AccountOut)
enable_person = Endpoint("POST", "/people/{id}/enable", N, p.AccountOut)
make_password_link = Endpoint("POST", "/people/{id}/password-link", N, p.PasswordLinkOut, 201)
show_organisation = Endpoint("GET", "/organisation", N, og.OrganisationOut)
set_organisation = Endpoint("PUT", "/organisation", og.OrganisationIn, og.OrganisationOut)
list_departments = Endpoint("GET", "/departments", N, Listing[og.DepartmentOut])
set_department = Endpoint("PUT", "/departments/{code}", og.DepartmentIn, og.DepartmentOut)
list_cost_centres = Endpoint("GET", "/cost-centres", N, Listing[og.UnitOut])
set_cost_centre = Endpoint("PUT", "/cost-centres/{code}", og.CostCentreIn, og.UnitOut)
deactivate_cost_centre = Endpoint("POST", "/cost-centres/{code}/deactivate", N, og.UnitOut)
activate_cost_centre = Endpoint("POST", "/cost-centres/{code}/activate", N, og.UnitOut)
assign_cost_centre = Endpoint("PUT", "/people/{id}/cost-centre", og.BelongsToIn, N, 204)
list_rates = Endpoint("GET", "/rates", N, Listing[rt.RateOut])
load_rates = Endpoint("POST", "/rates", rt.RatesIn, rt.RatesLoadedOut)
my_worklist = Endpoint("GET", "/me/worklist", N, dg.WorklistOut)
my_digest = Endpoint("GET", "/me/digest", N, dg.DigestOut)
my_preferences = Endpoint("GET", "/me/settings", N, st.PreferencesOut)
change_preferences = Endpoint("PATCH", "/me/settings", st.PreferencesPatch, st.PreferencesOut)

make_link = Endpoint("POST", "/chat/links", p.LinkIn, p.LinkOut, 201)
list_links = Endpoint("GET", "/chat/links", N, Listing[p.LinkedChatOut])
revoke_link = Endpoint("DELETE", "/chat/links/{id}", N, N, 204)
preview_link = Endpoint("POST", "/chat/links/preview", p.LinkPreviewIn, p.LinkPreviewOut)
confirm_link = Endpoint("POST", "/chat/links/confirm", p.LinkPreviewIn, p.MeOut)
set_chat_reachable = Endpoint("PUT", "/chat/reach", p.ReachIn, N, 204)
draft = Endpoint("GET", "/chat/drafts", N, p.DraftOut)
save_draft = Endpoint("PUT", "/chat/drafts", p.DraftIn, p.DraftOut)
delete_draft = Endpoint("DELETE", "/chat/drafts", N, N, 204)
register_message = Endpoint("POST", "/chat/messages", p.MessageIn, N, 204)
save_installation = Endpoint("PUT", "/chat/installations/{team}", p.InstallationIn, N, 204)
installation = Endpoint("GET", "/chat/installations/{team}", N, p.InstallationOut)
revoke_installation = Endpoint("DELETE", "/chat/installations/{team}", N, N, 204)

list_groups = Endpoint("GET", "/chat/groups", N, g.GroupsOut)
bind_group = Endpoint("POST", "/chat/groups", g.GroupIn, g.GroupOut, 201)
unbind_group = Endpoint("DELETE", "/chat/groups/{id}", N, N, 204)
move_group = Endpoint("POST", "/chat/groups/moved", g.GroupMovedIn, N, 204)
set_group_reachable = Endpoint("PUT", "/chat/groups/reach", g.GroupReachIn, N, 204)

create_request = Endpoint("POST", "/procurement/request", r.RequestIn, r.RequestOut, 201)
parse_request = Endpoint("POST", "/procurement/request/parse", r.ParseRequestIn, r.ParsedOut)
list_requests = Endpoint("GET", "/procurement/requests", N, Listing[r.RequestOut])
show_request = Endpoint("GET", "/procurement/requests/{id}", N, r.RequestOut)
edit_request = Endpoint("PATCH", "/procurement/requests/{id}", r.RequestPatch, r.RequestOut)
submit_request = Endpoint("POST", "/procurement/requests/{id}/submit", r.SubmitIn, r.RequestOut)
take_back_request = Endpoint("POST", "/procurement/requests/{id}/take-back", r.TakeBackIn, r.RequestOut)
withdraw_request = Endpoint("POST", "/procurement/requests/{id}/withdraw", r.WithdrawIn, r.RequestOut)
reject_request = Endpoint("POST", "/procurement/requests/{id}/reject", r.RejectIn, r.RequestOut)
cancel_request = Endpoint("POST", "/procurement/requests/{id}/cancel", r.CancelIn, r.RequestOut)
drop_lines = Endpoint("POST", "/procurement/requests/{id}/drop-lines", r.DropLinesIn, r.RequestOut)
copy_request = Endpoint("POST", "/procurement/requests/{id}/copy", r.CopyIn, r.RequestOut, 201)
preview_copy = Endpoint("GET", "/procurement/requests/{id}/copy", N, r.CopyOut)
find_colleagues = Endpoint("GET", "/procurement/colleagues", N, Listing[r.ColleagueOut])
comment = Endpoint("POST", "/procurement/requests/{id}/comments", c.CommentIn, c.CommentOut, 201)
list_comments = Endpoint("GET", "/procurement/requests/{id}/comments", N, Listing[c.CommentOut])
attach_files = Endpoint("POST", "/procurement/requests/{id}/files", at.AttachIn, at.RequestFilesOut, 201)
list_files = Endpoint("GET", "/procurement/requests/{id}/files", N, at.RequestFilesOut)
timeline = Endpoint("GET", "/procurement/requests/{id}/timeline", N, Listing[r.TimelineItem])
suggest_vendors = Endpoint("GET", "/procurement/requests/{id}/vendors", N, Listing[rc.SuggestedVendorOut])
bought_before = Endpoint(
    "POST", "/procurement/bought-before", rc.BoughtBeforeIn, Listing[rc.BoughtBeforeOut], repeatable=True
)
comparison = Endpoint("GET", "/procurement/requests/{id}/quotes", N, aw.ComparisonOut)
send_rfq = Endpoint("POST", "/procurement/requests/{id}/rfq", rf.RfqIn, rf.RfqOut, 201)

list_rfqs = Endpoint("GET", "/rfqs", N, Listing[rf.RfqOut])
show_rfq = Endpoint("GET", "/rfqs/{id}", N, rf.RfqOut)
close_rfq = Endpoint("POST", "/rfqs/{id}/close", aw.CloseIn, rf.RfqOut)
propose_quote = Endpoint("POST", "/rfqs/{id}/propose", aw.ProposeIn, rf.RfqOut)
split_award = Endpoint("POST", "/rfqs/{id}/split-award", aw.SplitIn, rf.RfqOut)
move_deadline = Endpoint("PUT", "/rfqs/{id}/deadline", am.DeadlineIn, rf.RfqOut)
add_vendors = Endpoint("POST", "/rfqs/{id}/vendors", am.AddVendorsIn, rf.RfqOut)
correct_rfq = Endpoint("POST", "/rfqs/{id}/corrections", am.CorrectionIn, rf.RfqOut)
cancel_rfq = Endpoint("POST", "/rfqs/{id}/cancel", am.CancelRfqIn, rf.RfqOut)
ask_rfq_question = Endpoint("POST", "/rfqs/{id}/questions", cl.RfqQuestionIn, cl.RfqQuestionOut, 201)
answer_rfq_question = Endpoint(
    "POST", "/rfqs/{id}/questions/{question_id}/answer", cl.RfqAnswerIn, cl.ClarificationOut, 201
)
ask_to_complete = Endpoint("POST", "/rfqs/{id}/quotes/{quote_id}/ask", aw.AskToCompleteIn, rf.RfqOut)
decline_rfq = Endpoint("POST", "/rfqs/{id}/decline", q.DeclineIn, rf.RfqOut)

my_score = Endpoint("GET", "/me/score", N, vs.VendorScoreOut)
list_scores = Endpoint("GET", "/insights/vendors", N, Listing[vs.VendorScoreOut])
show_score = Endpoint("GET", "/vendors/{id}/score", N, vs.VendorScoreOut)
insight_switches = Endpoint("GET", "/insights/switches", N, ins.InsightSwitchesOut)
switch_insight = Endpoint("PUT", "/insights/switches/{feature}", ins.InsightSwitchIn, ins.InsightSwitchesOut)
hints_shown = Endpoint("GET", "/procurement/requests/{id}/hints", N, ins.ShownHintsOut)
replay_hint = Endpoint("GET", "/insights/hints/{id}", N, ins.ReplayedHintOut)
show_standings = Endpoint("GET", "/insights/standings", N, sd.StandingsOut)
set_standings = Endpoint("PUT", "/insights/standings", sd.StandingBoundsIn, sd.StandingsOut)
override_standing = Endpoint("POST", "/vendors/{id}/standing", sd.OverrideStandingIn, sd.StandingsOut)

list_vendors = Endpoint("GET", "/vendors", N, Listing[v.VendorOut])
create_vendor = Endpoint("POST", "/vendors", v.VendorIn, v.VendorOut, 201)
show_vendor = Endpoint("GET", "/vendors/{id}", N, v.VendorOut)
link_vendor = Endpoint("POST", "/vendors/{id}/link", p.LinkIn, p.LinkOut, 201, repeatable=True)
link_to_rfq = Endpoint("POST", "/rfqs/{id}/links", vl.VendorLinkIn, vl.VendorLinkOut, 201, repeatable=True)
link_to_order = Endpoint("POST", "/purchase-orders/{id}/links", vl.VendorLinkIn, vl.VendorLinkOut, 201)
rfq_links = Endpoint("GET", "/rfqs/{id}/links", N, vl.KnownLinksOut)
order_links = Endpoint("GET", "/purchase-orders/{id}/links", N, vl.KnownLinksOut)
vendor_links = Endpoint("GET", "/vendors/{id}/links", N, vl.KnownLinksOut)
revoke_vendor_link = Endpoint("DELETE", "/vendor-links/{id}", N, N, 204)
edit_vendor = Endpoint("PATCH", "/vendors/{id}", v.VendorPatch, v.VendorOut)
add_contact = Endpoint("POST", "/vendors/{id}/contacts", v.ContactIn, v.VendorOut, 201)
approve_vendor = Endpoint("PUT", "/vendors/{id}/approval", v.VendorApprovalIn, v.VendorOut)
hold_vendor = Endpoint("POST", "/vendors/{id}/holds", v.HoldIn, v.VendorOut)
release_vendor = Endpoint("DELETE", "/vendors/{id}/holds/{kind}", N, v.VendorOut)
list_categories = Endpoint("GET", "/vendor-categories", N, v.CategoriesOut)
set_categories = Endpoint("PUT", "/vendor-categories", v.CategoriesIn, v.CategoriesOut)
submit_quote = Endpoint("POST", "/vendors/quote", q.QuoteIn, q.QuoteOut, 201)
enter_quote = Endpoint("POST", "/vendors/quotes/entered", en.EnterQuoteIn, q.QuoteOut, 201)
check_entry = Endpoint("GET", "/rfqs/{id}/vendors/{vendor_id}/entry", N, en.EntryOut)
confirm_quote = Endpoint("POST", "/vendors/quotes/{id}/confirm", am.ConfirmIn, q.QuoteOut)
parse_quote = Endpoint("POST", "/vendors/quote/parse", q.ParseQuoteIn, r.ParsedOut)
read_quote_file = Endpoint(
    "POST", "/vendors/quote/read", qf.ReadQuoteFileIn, qf.QuoteFileOut, repeatable=True, opens_file=True
)
list_quotes = Endpoint("GET", "/vendors/quotes", N, Listing[q.QuoteOut])
withdraw_quote = Endpoint("POST", "/vendors/quotes/{id}/withdraw", q.WithdrawQuoteIn, q.QuoteOut)

list_approvals = Endpoint("GET", "/approvals", N, Listing[a.ApprovalOut])
show_approval = Endpoint("GET", "/approvals/{id}", N, a.ApprovalOut)
decide = Endpoint("POST", "/approvals", a.DecisionIn, a.ApprovalOut)
list_takers = Endpoint("GET", "/approvals/{id}/takers", N, Listing[a.CandidateOut])
forward_step = Endpoint("POST", "/approvals/{id}/forward", a.ForwardIn, a.ApprovalOut)
reassign_step = Endpoint("POST", "/approvals/{id}/reassign", a.ReassignIn, a.ApprovalOut)
answer_question = Endpoint("POST", "/approvals/{id}/answers", a.AnswerIn, a.ApprovalOut)
show_policy = Endpoint("GET", "/approval-policies", N, a.PolicyOut)
set_policy = Endpoint("PUT", "/approval-policies", a.PolicyIn, a.PolicyOut)
simulate_policy = Endpoint("POST", "/approval-policies/simulate", a.SimulationIn, a.SimulationOut)

delegate = Endpoint("POST", "/delegations", d.DelegationIn, d.DelegationOut, 201)
list_delegations = Endpoint("GET", "/delegations", N, Listing[d.DelegationOut])
list_colleagues = Endpoint("GET", "/delegations/colleagues", N, Listing[a.CandidateOut])
end_delegation = Endpoint("DELETE", "/delegations/{id}", N, N, 204)

list_orders = Endpoint("GET", "/purchase-orders", N, Listing[o.OrderOut])
show_order = Endpoint("GET", "/purchase-orders/{id}", N, o.OrderOut)
acknowledge_order = Endpoint("POST", "/purchase-orders/{id}/acknowledge", o.AcknowledgeIn, o.OrderOut)
enter_acknowledgement = Endpoint(
    "POST", "/purchase-orders/{id}/acknowledge/entered", en.EnterAcknowledgementIn, o.OrderOut
)
receive_order = Endpoint("POST", "/purchase-orders/{id}/receipts", o.ReceiptIn, o.OrderOut, 201)
refuse_order = Endpoint("POST", "/purchase-orders/{id}/refuse", o.OrderReasonIn, o.OrderOut)
change_order = Endpoint("POST", "/purchase-orders/{id}/changes", o.ChangeIn, o.OrderOut, 201)
call_off_order = Endpoint("POST", "/purchase-orders/{id}/call-off", o.OrderReasonIn, o.OrderOut)
accept_change = Endpoint("POST", "/purchase-orders/{id}/changes/accept", o.OrderVersionIn, o.OrderOut)
decline_change = Endpoint("POST", "/purchase-orders/{id}/changes/decline", o.OrderReasonIn, o.OrderOut)
take_back_change = Endpoint("POST", "/purchase-orders/{id}/changes/withdraw", o.OrderVersionIn, o.OrderOut)
list_revisions = Endpoint("GET", "/purchase-orders/{id}/revisions", N, Listing[o.RevisionOut])
list_receipts = Endpoint("GET", "/purchase-orders/{id}/receipts", N, Listing[o.ReceiptOut])
correct_receipt = Endpoint(
    "POST", "/purchase-orders/{id}/receipts/{receipt_id}/correct", o.ReceiptCorrectionIn, o.OrderOut, 201
)
return_goods = Endpoint("POST", "/purchase-orders/{id}/returns", o.ReturnIn, o.OrderOut, 201)
close_order_short = Endpoint("POST", "/purchase-orders/{id}/close-short", o.OrderReasonIn, o.OrderOut)
cancel_order = Endpoint("POST", "/purchase-orders/{id}/cancel", o.CancelOrderIn, o.OrderOut)
show_receiving_policy = Endpoint("GET", "/receiving-policy", N, o.ReceivingPolicyOut)
set_receiving_policy = Endpoint("PUT", "/receiving-policy", o.ReceivingPolicyIn, o.ReceivingPolicyOut)

analytics_waits = Endpoint("GET", "/analytics/waits", N, an.AnalyticsOut)
analytics_time = Endpoint("GET", "/analytics/time", N, an.AnalyticsOut)
analytics_spend = Endpoint("GET", "/analytics/spend", N, an.AnalyticsOut)
analytics_vendors = Endpoint("GET", "/analytics/vendors", N, an.AnalyticsOut)
analytics_competition = Endpoint("GET", "/analytics/competition", N, an.AnalyticsOut)
analytics_exceptions = Endpoint("GET", "/analytics/exceptions", N, an.AnalyticsOut)
analytics_rows = Endpoint("GET", "/analytics/rows", N, an.FactsOut)
analytics_forecast = Endpoint("GET", "/analytics/forecast", N, an.ForecastsOut)

list_demand = Endpoint("GET", "/insights/demand", N, dm.DemandOut)
show_demand = Endpoint("GET", "/insights/demand/{id}", N, dm.DemandDetailsOut)
demand_needs = Endpoint("GET", "/insights/demand/{id}/needs", N, dm.NeedsOut)
list_findings = Endpoint("GET", "/insights/findings", N, Listing[fi.FindingOut])
show_finding = Endpoint("GET", "/insights/findings/{id}", N, fi.FindingOut)
dismiss_finding = Endpoint("POST", "/insights/findings/{id}/dismiss", fi.DismissFindingIn, fi.FindingOut)
confirm_finding = Endpoint("POST", "/insights/findings/{id}/confirm", fi.ReviewFindingIn, fi.FindingOut)
hold_finding = Endpoint("POST", "/insights/findings/{id}/hold", fi.ReviewFindingIn, fi.FindingOut)
list_finding_rules = Endpoint("GET", "/insights/finding-rules", N, Listing[fi.FindingRuleOut])
set_finding_rule = Endpoint("PUT", "/insights/finding-rules/{rule}", fi.FindingRuleIn, fi.FindingRuleOut)
usual_quantity = Endpoint("GET", "/insights/usual-quantity", N, fi.UsualQuantityOut)

status = Endpoint("GET", "/dashboard/status", N, ops.StatusOut)
list_deliveries = Endpoint("GET", "/deliveries", N, Listing[ops.DeliveryOut])
replay_delivery = Endpoint("POST", "/deliveries/{id}/replay", N, ops.DeliveryOut)
hook_notices = Endpoint("POST", "/hooks/n8n/notices", ops.NoticesIn, ops.AcceptedOut, 202)
hook_status = Endpoint("POST", "/hooks/n8n/status", ops.FlowStatusIn, ops.AcceptedOut, 202)
hook_routes = Endpoint("POST", "/hooks/n8n/routes", ops.RouteIn, ops.AcceptedOut, 202)
list_events = Endpoint("GET", "/audit/events", N, Listing[ops.EventOut])
search_events = Endpoint("GET", "/audit/search", N, ops.FoundEventsOut)
list_checkpoints = Endpoint("GET", "/audit/checkpoints", N, Listing[ops.CheckpointOut])
event_bundle = Endpoint("GET", "/audit/bundles/{id}", N, ops.BundleOut)
prove_event = Endpoint("GET", "/audit/proofs/{id}", N, ops.BundleOut)
prove_consistency = Endpoint("GET", "/audit/consistency", N, ops.ConsistencyOut)
verify_log = Endpoint("GET", "/audit/verify", N, ops.VerifyOut)
live = Endpoint("GET", "/health/live", N, ops.HealthOut)
ready = Endpoint("GET", "/health/ready", N, ops.HealthOut)

ENDPOINTS: tuple[Endpoint[BaseModel | None, BaseModel | None], ...] = tuple(
    value for value in list(globals().values()) if isinstance(value, Endpoint)
)
